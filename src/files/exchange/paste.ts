import { toFailure } from '../../base/failure';
import { shownUrl } from '../../model/profile/shown-url';
import { readAmqpPublish } from '../../protocols/amqp/files/amqp-publish';
import { readCoapClient } from '../../protocols/coap/files/coap-client';
import { readMosquitto } from '../../protocols/mqtt/files/mosquitto';
import { readNats } from '../../protocols/shared/commands/nats';
import { readCommands } from '../../protocols/shared/commands/shell-reader';
import type { Message, Sketch } from '../../protocols/shared/commands/sketch';
import { readSocketTool } from '../../protocols/websocket/files/command-lines';
import { requestText } from './to-text';

const readers: Record<string, (words: string[], input?: Message) => Sketch[]> = {
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
		// Lines that only say something, and what is written into the command.
		.replace(/^(?:[:#] .*\n)+/, '')
		.replace(/^\$\s+/, '')
		.replace(/^printf '[^']*' \| /, '')
		.split(/\s/, 1);
	return Object.hasOwn(readers, nameOf(word));
}

/** A command line as sketches, or one sentence that says why not. Never throws. */
export function readCommand(text: string): Sketch[] | { problem: string } {
	try {
		const commands = readCommands(text.trim());
		if (commands.length === 0) return { problem: 'There is no command.' };
		return commands.flatMap(({ words, input }) => {
			if (words[0] === 'npx') words.shift();
			const name = nameOf(words[0]);
			const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
			if (!reader) throw new Error(`"${shownUrl(name)}" is not a command that is known here.`);
			return reader(words, input);
		});
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
