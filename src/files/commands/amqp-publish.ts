import { typed } from './amqp-headers';
import { amqpPlace, amqpUrl, ways } from './amqp-programs';
import { leftOut, messagesOf } from './literals';
import { printf, quote } from './shell';
import { type Sketch, textOf } from './sketch';

/** Headers that `amqp-publish` has an option for; the others are the message's own. */
const amqpOptions: Record<string, string> = {
	'content-type': '-C',
	'content-encoding': '-E',
	'reply-to': '-t',
};
/** Properties that it cannot set. */
const amqpLeft = ['correlation-id', 'message-id', 'expiration', 'priority', 'type', 'app-id', 'user-id', 'timestamp'];

/** `amqp-publish` of rabbitmq-c. One command for each message. */
export function writeAmqpPublish(sketch: Sketch): string {
	const { exchange, key } = amqpPlace(sketch.target);
	const words = ['amqp-publish', '-u', amqpUrl(sketch)];
	if (exchange !== '') words.push('-e', exchange);
	words.push('-r', key);
	const left: string[] = [];
	let persistent = true;
	for (const [name, value] of sketch.headers) {
		const plain = name.toLowerCase();
		if (ways.includes(plain)) continue;
		const option = amqpOptions[plain];
		if (option) words.push(option, value);
		else if (plain === 'persistent') persistent = value === 'true';
		else if (amqpLeft.includes(plain) || typed(value).type !== 'text')
			left.push(leftOut('#', `${name} ${value}`, 'which amqp-publish cannot set'));
		else words.push('-H', `${name}: ${typed(value).text}`);
	}
	if (persistent) words.push('-p');
	const command = (more: string[]) => [...words, ...more].map(quote).join(' ');
	return [
		...left,
		...messagesOf(sketch).map((one) => {
			if ('file' in one) return `${command([])} < ${quote(one.file)}`;
			const text = textOf(one);
			if (text !== undefined && text !== '' && !text.includes('\0')) return command(['-b', text]);
			return `${printf(one.bytes)} | ${command([])}`;
		}),
	].join('\n');
}
