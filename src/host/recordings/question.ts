import type { ReplayPreview, ReplayRequest } from '../../model/contracts/replay';
import type { Profile } from '../../model/profile/profile';
import { formatCount } from '../../model/text/words';
import type { ProtocolDescription } from '../../protocols/description';
import { describe } from '../../protocols/descriptions';
import { visibleText } from '../ui/visible-text';

/** Characters of a target. */
const maxTarget = 60;

/** What will be sent, in words. Without a button there is nothing to send. */
export function replayQuestion(
	request: Pick<ReplayRequest, 'map' | 'speed' | 'times'>,
	preview: ReplayPreview,
	{ name, protocol, production }: Pick<Profile, 'name' | 'protocol' | 'production'>,
	recording: { name: string; protocol: string },
): { text: string; detail: string; button?: string } {
	const from = describe(recording.protocol);
	const to = describe(protocol);
	const { messages, skipped, unsent, left, unread } = preview;
	const words = from?.words ?? { message: 'message', messages: 'messages', target: 'target', targets: 'targets' };
	const lines = [
		...targetLines(preview, words),
		messages > 0 ? `Duration: ${durationOf(request, preview)}` : '',
		skipped > 0 ? `${count(skipped, words)} left out by range, direction or filter.` : '',
		...unsent.map(([reason, times]) => `Cannot be sent (${formatCount(times)}): ${reason}`),
		unsent.length > 0 && request.map.length === 0 ? `“Change ${words.targets}” can send them elsewhere.` : '',
		left.length > 0
			? `${to?.label ?? protocol} has no place for ${left.map(([label, times]) => `“${label}” (${formatCount(times)})`).join(', ')}.`
			: '',
		unread > 0 ? `${formatCount(unread)} ${unread === 1 ? 'line' : 'lines'} of the recording cannot be read.` : '',
	].filter((line) => line !== '');
	const detail = lines.join('\n');
	if (messages === 0) return { text: `No message of ${recording.name} would be sent to “${name}”.`, detail };
	const mark = production ? `“${name}” is marked as production. ` : '';
	const often = request.times > 1 ? `, ${formatCount(request.times)} times` : '';
	return { text: `${mark}Replay ${count(messages, words)} to “${name}”${often}?`, detail, button: 'Replay' };
}

type Words = Pick<ProtocolDescription['words'], 'message' | 'messages' | 'target' | 'targets'>;

const count = (value: number, { message, messages }: Words) =>
	`${formatCount(value)} ${value === 1 ? message : messages}`;

/** "farm/a → test/a" for the first targets, then how many more there are. */
function targetLines({ targets, examples }: ReplayPreview, words: Words): string[] {
	const lines = examples
		.filter(([, target]) => target !== '')
		.map(([recorded, target]) =>
			recorded === target
				? visibleText(target, maxTarget)
				: `${visibleText(recorded, maxTarget)} → ${visibleText(target, maxTarget)}`,
		);
	const more = targets - examples.length;
	if (more > 0) lines.push(`and ${formatCount(more)} more ${more === 1 ? words.target : words.targets}`);
	return lines.filter((line) => line !== '');
}

function durationOf({ speed, times }: Pick<ReplayRequest, 'speed' | 'times'>, { ms }: ReplayPreview): string {
	if (speed === undefined) return 'as fast as messages are acknowledged.';
	const pace = speed === 1 ? 'at the recorded pace' : `at ${speed} × the recorded pace`;
	return `${inWords((ms / speed) * times)} ${pace}.`;
}

function inWords(ms: number): string {
	if (ms < 1000) return 'less than a second';
	const seconds = Math.round(ms / 1000);
	const parts = [
		[Math.floor(seconds / 86_400), 'd'],
		[Math.floor(seconds / 3600) % 24, 'h'],
		[Math.floor(seconds / 60) % 60, 'min'],
		[seconds % 60, 's'],
	] as const;
	const first = parts.findIndex(([value]) => value > 0);
	return parts
		.slice(first, first + 2)
		.filter(([value]) => value > 0)
		.map(([value, unit]) => `${value} ${unit}`)
		.join(' ');
}
