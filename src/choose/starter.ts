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
	const preferred = routeVerb(description);
	const verbs = [...description.verbs].sort(
		(one, other) => Number(other.id === preferred) - Number(one.id === preferred),
	);
	for (const verb of verbs) {
		const target = verb.target === 'required' ? (verb.targetPlaceholder ?? '') : '';
		const draft = { verb: verb.id, target, values: {}, payload };
		const sketch = { ...sketchOf(draft, description, description.urlPlaceholder), protocol: description.id };
		const programs = (await copyAs(sketch)).filter(
			({ language, text }) => (language === 'python' || language === 'javascript') && text !== '',
		);
		if (programs.length > 0) return programs.map(({ label, language, text }) => ({ label, language, text }));
	}
	return [];
}

/** The verb of the strongest guarantee. */
function routeVerb({ comparison }: ProtocolDescription): string | undefined {
	const routes = comparison?.routes('') ?? {};
	return (routes['at-least-once'] ?? routes['at-most-once'])?.send.verb;
}
