import { isRecord, isString } from '../../base/check';
import type { Checks } from '../../base/rpc';
import type { OpenRequest } from '../../model/contracts/session';
import type { ConnectionSpec, Received } from '../run/connection';
import type { RequestResult } from '../run/results/result';
import type { SimulationProgress } from './report';
import type { Simulation } from './settings';

/** The input of a simulation that runs in a thread of its own. */
export interface SimulationData {
	/** The message file. */
	text: string;
	/** Where the section of the request starts in it. */
	start: number;
	simulation: Simulation;
	/** The protocol of a connection that is not written as a URL. */
	protocol?: string;
	/** Values of the environment, and the names of the secret ones among them. */
	values: [string, string][];
	secretValues: string[];
	dotenv: [string, string][];
	secrets: [string, string][];
	/** The messages of earlier requests that this one may refer to, by the name of the request. */
	received: [string, Received][];
	/** Longest wait for a reply, in milliseconds. */
	timeout: number;
}

/** What the thread asks of the editor. */
export interface SimulationHost {
	/** How to open a connection, after the questions that it needs. Throws a FailureError. */
	request(spec: ConnectionSpec): OpenRequest;
	/** Reads a file that the message file names. Throws a FailureError. */
	readFile(path: string): Uint8Array;
	progress(progress: SimulationProgress): void;
}

export interface SimulationThread {
	/** Runs the simulation to its end. `hidden`: values that must be masked in the result. */
	run(): { result: RequestResult; hidden: string[] };
	/** Ends it within two seconds. */
	stop(): void;
}

export const simulationHostChecks: Checks<SimulationHost> = {
	request: [isRecord],
	readFile: [isString],
	progress: [isRecord],
};
export const simulationThreadChecks: Checks<SimulationThread> = { run: [], stop: [] };
