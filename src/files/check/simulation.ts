import { uselessMetadata } from '../failures';
import type { MessageFile, Section } from '../syntax/ast';
import { optionOf } from '../syntax/metadata';
import type { VerbWord } from '../syntax/words';
import type { Report } from './context';

/** Reports metadata of a simulation that has no effect on the request. That of the whole file is for its other requests. */
export function checkSimulation(file: MessageFile, section: Section, { action, name }: VerbWord, report: Report): void {
	const find = (wanted: string) => section.metadata.findLast((item) => item.name.text.toLowerCase() === wanted);
	const useless = (item: ReturnType<typeof find>, reason: string) =>
		item && report(uselessMetadata(item.name.text, reason), item, { severity: 'warning' });
	const simulated = [find('clients'), find('rate')];
	if (action === 'receive')
		for (const item of simulated) useless(item, `${name} sends nothing that could be simulated`);
	if (find('rate')) useless(find('every'), 'the rate decides when messages are sent');
	const isRepeated = ['clients', 'rate', 'every', 'loop'].some((one) => optionOf(file, section, one) !== undefined);
	if (!isRepeated) useless(find('for'), 'the request is sent once. Add @rate, @every or @loop');
}
