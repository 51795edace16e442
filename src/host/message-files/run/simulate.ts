import type * as vscode from 'vscode';
import { toFailure } from '../../../base/failure';
import { connectionOf, replaceConnection, specOf } from '../../../files/run/connections/request-connection';
import type { RequestResult } from '../../../files/run/results/result';
import type { SimulationRequest } from '../../../files/run/run';
import { simulationText } from '../../../files/simulation/report';
import { emptyResult } from '../../../files/simulation/simulate';
import type { MessageFile } from '../../../files/syntax/ast';
import { verbOf } from '../../../files/syntax/words';
import { cutText } from '../../../model/text/text';
import type { Log } from '../../ui/log';
import type { BodyFiles } from '../body-files';
import type { Targets } from '../targets';
import type { Opener } from './connect';
import { runInThread } from './simulation-thread';

export interface FileSimulation extends SimulationRequest {
	file: MessageFile;
	uri: vscode.Uri;
	/** Values that must be masked in the result; the simulation adds to it. */
	hidden: Set<string>;
	dotenv: ReadonlyMap<string, string>;
	secrets: ReadonlyMap<string, string>;
	signal: AbortSignal;
	/** Longest wait for a reply, in milliseconds. */
	timeout: number;
}

/** Runs a simulation of a message file to its end. Throws `cancelled` if the user declines a question. */
export type Simulate = (simulation: FileSimulation) => Promise<RequestResult>;

export interface SimulateOptions {
	/** Path of dist/engine/simulation.mjs. */
	path: string;
	opener: Opener;
	targets: Targets;
	bodies: BodyFiles;
	log: Log;
}

export function createSimulate({ path, opener, targets, bodies, log }: SimulateOptions): Simulate {
	return async (options) => {
		const { file, section, uri, simulation, scope, hidden, signal } = options;
		const text = ({ words }: { words: { send: string; messages: string } }) =>
			simulationText(simulation, words.send, words.messages);
		const request = opener.simulated(uri, text);
		try {
			const word = section.request && verbOf(section.request.verb.text);
			const device = { client: 1, clients: simulation.clients, message: 0 };
			const first = { ...scope, around: { ...scope.around, device } };
			const spec = word && specOf(replaceConnection(connectionOf(file, section), word, first), word);
			// A connection that cannot be opened, or that the user declines, is not tried for each client.
			if (spec && !spec.own) {
				const refused = await request(spec).then(
					() => undefined,
					(error) => toFailure(error),
				);
				if (refused) return { ...emptyResult(file, section), ending: 'unconnected', failure: refused };
			}
			const { environment } = scope;
			const done = await runInThread({
				...{ path, request, signal, onProgress: options.onProgress },
				readFile: (name) => bodies.read(uri, name),
				onOutput: (output) => log.warn(cutText(output.trimEnd(), 4000)),
				data: {
					...{ text: file.text, start: section.start, simulation, timeout: options.timeout },
					protocol: spec && targets.describe(spec, uri)?.id,
					values: [...environment.values],
					secretValues: [...environment.secret],
					dotenv: [...options.dotenv],
					secrets: [...options.secrets],
					received: [...options.received].flatMap(([name, [message]]) => (message ? [[name, message]] : [])),
				},
			});
			for (const value of done.hidden) hidden.add(value);
			return done.result;
		} catch (error) {
			return { ...emptyResult(file, section), ending: 'failed', failure: toFailure(error) };
		}
	};
}
