import type { RuleOptions } from '../rules/plan-rule';
import { runRule } from '../rules/run-rule';
import type { Rule } from '../rules/state';
import type { SimulationProgress } from '../simulation/report';
import { type Simulation, simulationOf } from '../simulation/settings';
import { simulate } from '../simulation/simulate';
import type { MessageFile, Section } from '../syntax/ast';
import { dependenciesOf, isRule, type Reference } from '../syntax/names';
import type { Surroundings } from '../values/builtins';
import type { Environment } from '../values/environments';
import type { Scope } from '../values/variables';
import type { Connection, ConnectionSpec, Received, RunContext } from './connection';
import { createPool } from './connections/pool';
import type { PlanContext } from './plan/plan';
import { partOf } from './references';
import { repeatRequest } from './repeat';
import type { Match } from './results/expectations';
import type { RequestResult } from './results/result';

export interface RunOptions
	extends RunContext,
		Omit<PlanContext, 'scope' | 'answer'>,
		Pick<RuleOptions, 'loops' | 'addressOf' | 'deadLetters'> {
	file: MessageFile;
	/** The requests to run, in the order of the file. The requests that they refer to run, too. */
	sections: readonly Section[];
	environment: Environment;
	around: Surroundings;
	match: Match;
	/** Makes one attempt. Throws a FailureError. */
	connect(spec: ConnectionSpec): Promise<Connection>;
	/** Values that must be masked in all output; the run adds to it. */
	hidden: Set<string>;
	/** Called when a rule listens. */
	onRule?(rule: Rule, section: Section): void;
	onStarted?(section: Section): void;
	/** Without an end of its own, a simulation runs until it is stopped. */
	untilStopped?: boolean;
	/** Runs a simulation elsewhere, such as in a thread of its own; undefined: here. */
	simulate?(request: SimulationRequest): Promise<RequestResult>;
	onProgress?(progress: SimulationProgress, section: Section): void;
	/** The number of messages in the request's present run. */
	onMessages?(count: number, section: Section): void;
	onResult?(result: RequestResult, section: Section): void;
}

/** A simulation of a run. */
export interface SimulationRequest {
	section: Section;
	simulation: Simulation;
	scope: Scope;
	/** The messages of earlier requests, by the name of the request. */
	received: ReadonlyMap<string, readonly Received[]>;
	onProgress(progress: SimulationProgress): void;
}

/**
 * Runs requests one after the other. A request that receives goes on in the background while the next ones run, so that a
 * file can subscribe first and then publish; it has ended when this resolves. Rules start before the other requests.
 * Connections are opened once and closed at the end. Results are in the order of the file.
 */
export async function runFile(options: RunOptions): Promise<RequestResult[]> {
	const { file, environment, around, hidden } = options;
	const pool = createPool(options.connect);
	/** Messages by the name of the request that received them. */
	const received = new Map<string, readonly Received[]>();
	const scope: Scope = {
		...{ file, environment, around, hidden },
		result: (name: string, part: Reference['part'], path: string) => partOf(received.get(name)?.[0], part, path),
		payload: (name: string) => received.get(name)?.[0]?.payload,
	};
	const running = new Map<Section, Promise<RequestResult>>();
	const wanted = new Set(options.sections.flatMap((section) => [...dependenciesOf(file, section), section]));
	function runSection(section: Section, onListening: () => void): Promise<RequestResult> {
		if (isRule(section)) {
			const listening = (rule: Rule) => {
				options.onRule?.(rule, section);
				onListening();
			};
			return runRule({ ...options, section, pool, result: scope.result, onListening: listening });
		}
		const simulation = simulationOf(file, section, options.untilStopped ? Number.POSITIVE_INFINITY : options.timeout);
		if (!simulation) return repeatRequest({ ...options, section, scope, pool, onListening });
		const onProgress = (progress: SimulationProgress) => options.onProgress?.(progress, section);
		if (options.simulate) return options.simulate({ section, simulation, scope, received, onProgress });
		return simulate({ ...options, section, scope, simulation, onProgress });
	}
	async function start(section: Section, onListening: () => void): Promise<RequestResult> {
		const result = await runSection(section, onListening);
		if (result.name !== undefined && result.messages.length > 0) received.set(result.name, result.messages);
		options.onResult?.(result, section);
		return result;
	}
	try {
		for (const section of rulesFirst(file)) {
			if (!wanted.has(section) || !section.request) continue;
			for (const needed of dependenciesOf(file, section)) await running.get(needed);
			options.onStarted?.(section);
			await new Promise<void>((resolve, reject) => {
				const run = start(section, resolve);
				running.set(section, run);
				run.then(() => resolve(), reject);
			});
		}
		const inOrder = file.sections.flatMap((section) => running.get(section) ?? []);
		return await Promise.all(inOrder);
	} finally {
		await pool.close();
	}
}

/** Rules that need no result of another request, then everything else in the order of the file. */
function rulesFirst(file: MessageFile): Section[] {
	const isFirst = (section: Section) => isRule(section) && dependenciesOf(file, section).length === 0;
	return [...file.sections.filter(isFirst), ...file.sections.filter((section) => !isFirst(section))];
}
