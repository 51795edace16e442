import { parentPort, workerData } from 'node:worker_threads';
import type { Port } from '../base/port';
import { connect } from '../base/rpc';
import { type EngineApi, type EngineEvents, engineChecks } from '../model/engine-api';
import type { Limits } from '../model/session';
import { describe } from '../protocols/descriptions';
import { adapters } from '../protocols/index';
import { createSession } from './session';
import { createStore } from './store';

/** A session's own thread: whatever a peer does to a library here, it does to this session only. */
export interface EngineData {
	protocol: string;
	limits: Limits;
}

const { protocol, limits } = workerData as EngineData;
const description = describe(protocol);
const loadAdapter = adapters[protocol];
if (!parentPort || !description || !loadAdapter) throw new Error(`No protocol "${protocol}" here.`);

const parent = parentPort;
const port: Port = {
	post: (message) => parent.postMessage(message),
	onMessage(listener) {
		parent.on('message', listener);
		return { dispose: () => parent.off('message', listener) };
	},
};
const store = createStore(description, limits);
const session = createSession({
	description,
	loadAdapter,
	store,
	onChanged: (status) => void rpc.remote.changed(status),
});
const { fault, dispose: _, ...methods } = session;
const rpc = connect<EngineApi, EngineEvents>(port, { ...store.reader, ...methods }, engineChecks, {
	events: ['changed'],
});

process.on('uncaughtException', fault);
process.on('unhandledRejection', fault);
