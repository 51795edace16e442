import { setMaxListeners } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { FailureError } from '../base/failure';
import type { Port } from '../base/port';
import { connect } from '../base/rpc';
import { asConnection } from '../direct/connection';
import { openTarget } from '../direct/open';
import { letTheEditorGoFirst } from '../engine/priority';
import { unknownProtocol } from '../files/failures';
import type { ConnectionSpec } from '../files/run/connection';
import { describeUrl } from '../files/run/connections/url-profile';
import { partOf } from '../files/run/references';
import { clientValues } from '../files/simulation/clients';
import {
	type SimulationData,
	type SimulationHost,
	type SimulationThread,
	simulationThreadChecks,
} from '../files/simulation/contract';
import { simulate } from '../files/simulation/simulate';
import { parse } from '../files/syntax/parse';
import { match } from '../node/match';
import { clock, surroundings } from '../node/surroundings';
import { describe } from '../protocols/descriptions';

/** Entry point of a simulation's thread: all clients of one request, so that their messages do not slow the editor. */

if (!parentPort) throw new Error('This is the entry point of a thread.');
const parent = parentPort;
const port: Port = {
	post: (message) => parent.postMessage(message),
	onMessage(listener) {
		parent.on('message', listener);
		return { dispose: () => parent.off('message', listener) };
	},
};
letTheEditorGoFirst();
const data = workerData as SimulationData;
const stop = new AbortController();
setMaxListeners(0, stop.signal);
const rpc = connect<SimulationThread, SimulationHost>(
	port,
	{ run: run as unknown as SimulationThread['run'], stop: () => stop.abort() },
	simulationThreadChecks,
	{ events: ['progress'] },
);

async function open(spec: ConnectionSpec) {
	const { profile, secrets } = await rpc.remote.request(spec);
	const description = describe(profile.protocol);
	if (!description) throw new FailureError(unknownProtocol(profile.protocol));
	const values = spec.client ? clientValues(description, profile.values, spec.client) : profile.values;
	return asConnection(
		await openTarget({ profile: { ...profile, values }, secrets, description }, { signal: stop.signal }),
	);
}

async function run(): Promise<ReturnType<SimulationThread['run']>> {
	const file = parse(data.text);
	const section = file.sections.find(({ start }) => start === data.start);
	if (!section) throw new Error('The request is not in the file.');
	const hidden = new Set<string>();
	const [dotenv, secrets, received] = [new Map(data.dotenv), new Map(data.secrets), new Map(data.received)];
	const around = surroundings({
		env: (name) => process.env[name],
		dotenv: (name) => dotenv.get(name),
		secret: (name) => secrets.get(name),
	});
	const result = await simulate({
		...{ file, section, match, clock, around },
		...{ simulation: data.simulation, signal: stop.signal, timeout: data.timeout },
		scope: {
			...{ file, around, hidden },
			environment: { values: new Map(data.values), secret: new Set(data.secretValues) },
			result: (name, part, path) => partOf(received.get(name), part, path),
			payload: (name) => received.get(name)?.payload,
		},
		describe(spec) {
			if (spec.profile === undefined && spec.url !== undefined) return describeUrl(spec);
			return data.protocol === undefined ? undefined : describe(data.protocol);
		},
		readFile: (path) => rpc.remote.readFile(path),
		connect: open,
		onProgress: (progress) => void rpc.remote.progress(progress),
	});
	return { result, hidden: [...hidden] };
}
