import { toFailure } from '../../base/failure';
import { shownUrl } from '../../model/shown-url';
import { joinUserProperties, readMosquitto } from './mosquitto';
import { readNats } from './nats';
import { readAmqpPublish, readCoapClient } from './others';
import { splitCommand } from './shell';
import type { Sketch, SketchHeader } from './sketch';
import { readSocketTool } from './sockets';
import { requestText } from './to-text';

const readers: Record<string, (words: string[]) => Sketch[]> = {
	mosquitto_pub: readMosquitto,
	mosquitto_sub: readMosquitto,
	wscat: readSocketTool,
	websocat: readSocketTool,
	'coap-client': readCoapClient,
	'coap-client-openssl': readCoapClient,
	'coap-client-gnutls': readCoapClient,
	'coap-client-notls': readCoapClient,
	'amqp-publish': readAmqpPublish,
	nats: readNats,
};

const nameOf = (word: string | undefined) => (word ?? '').split('/').pop() ?? '';

/** Whether a pasted text looks like one of the known commands. */
export function isCommand(text: string): boolean {
	const [word] = text
		.trim()
		.replace(/^\$\s+/, '')
		.split(/\s/, 1);
	return Object.hasOwn(readers, nameOf(word));
}

/** A command line as sketches, or one sentence that says why not. Never throws. */
export function readCommand(text: string): Sketch[] | { problem: string } {
	try {
		const words = splitCommand(text.trim());
		if (words[0] === 'npx') words.shift();
		const name = nameOf(words[0]);
		const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
		if (!reader) return { problem: `"${shownUrl(name)}" is not a command that is known here.` };
		const joined = joinUserProperties(words);
		const pairs = joined.pairs.map(([name, value]): SketchHeader => [name, value, 'message']);
		return reader(joined.words).map((sketch) => ({ ...sketch, headers: [...sketch.headers, ...pairs] }));
	} catch (error) {
		return { problem: error instanceof Error ? error.message : String(error) };
	}
}

/** A command line as requests of a message file. Never throws. */
export function pasted(text: string): { text: string } | { problem: string } {
	const sketches = readCommand(text);
	if ('problem' in sketches) return sketches;
	try {
		return { text: sketches.map((sketch) => requestText(sketch)).join('\n') };
	} catch (error) {
		return { problem: toFailure(error).message };
	}
}
