import { copyAs } from '../files/exchange/copy-as';
import { sketchOf } from '../files/exchange/sketch';
import type { ProtocolDescription } from '../protocols/description';

/** A program that sends one message, in a language of the editor. */
export interface Starter {
	label: string;
	language: string;
	text: string;
}

const payload = new TextEncoder().encode('{"temperature": 21.5}');

/** Programs in Python and JavaScript that send a message to an example of a target. */
export async function starters(description: ProtocolDescription): Promise<Starter[]> {
	const verb = description.verbs.find(({ id }) => id === routeVerb(description)) ?? description.verbs[0];
	if (!verb) return [];
	const target = verb.target === 'required' ? (verb.targetPlaceholder ?? '') : '';
	const draft = { verb: verb.id, target, values: {}, payload };
	const sketch = { ...sketchOf(draft, description, description.urlPlaceholder), protocol: description.id };
	const formats = await copyAs(sketch);
	return formats
		.filter(({ language, text }) => (language === 'python' || language === 'javascript') && text !== '')
		.map(({ label, language, text }) => ({ label, language, text }));
}

/** The verb of the strongest guarantee. */
function routeVerb({ comparison }: ProtocolDescription): string | undefined {
	const routes = comparison?.routes('') ?? {};
	return (routes['at-least-once'] ?? routes['at-most-once'])?.send.verb;
}
