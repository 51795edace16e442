import { headerText, typedHeaders } from './amqp-headers';
import { amqpHeaders, amqpPlace, amqpUrl, propertyNames } from './amqp-programs';
import { type LeftOut, messagesOf } from './literals';
import { asWord, commandLine, scriptOf } from './shell';
import { type Sketch, textOf } from './sketch';

/** Headers that `amqp-publish` has an option for. */
const amqpOptions: Record<string, string> = { 'Content-Type': '-C', 'Content-Encoding': '-E', 'Reply-To': '-t' };

/** `popt`, which reads its options, puts a word of the command where a value has "!#:+"; no word holds a NUL. */
const isWord = (text: string) => !text.includes('!#:+') && !text.includes('\0');

/** `amqp-publish` of rabbitmq-c. One command for each message. Undefined: it has no way to name the target. */
export function writeAmqpPublish(sketch: Sketch): string | undefined {
	const { exchange, key } = amqpPlace(sketch.target);
	const { field, own } = amqpHeaders(sketch);
	const words = ['amqp-publish', '-u', amqpUrl(sketch)];
	if (exchange !== '') words.push('-e', exchange);
	words.push('-r', key);
	if (!words.every(isWord)) return undefined;
	const left: LeftOut[] = [];
	for (const name of propertyNames) {
		const value = field(name);
		if (value === undefined) continue;
		const option = amqpOptions[name];
		if (option && isWord(value)) words.push(option, value);
		else left.push([`${name} ${value}`, 'which amqp-publish cannot set']);
	}
	for (const [name, value] of typedHeaders(own, left)) {
		const text = headerText(value);
		const pair = `${name}: ${text}`;
		// It splits at the first colon and drops spaces behind it.
		if (text === undefined || name.includes(':') || text.startsWith(' ') || !isWord(pair))
			left.push([`${name}: ${text ?? 'a value with a type'}`, 'which amqp-publish cannot set']);
		else words.push('-H', pair);
	}
	if (field('Persistent') !== 'false') words.push('-p');
	const commands = messagesOf(sketch).map((one) => {
		const text = textOf(one);
		return asWord(text) && isWord(text) ? commandLine([...words, '-b', text]) : commandLine(words, one);
	});
	return scriptOf(left, commands);
}
