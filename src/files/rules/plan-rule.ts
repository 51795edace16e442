import { messageDecides, placed } from '../failures';
import type { Connection, ConnectionSpec, RunContext } from '../run/connection';
import type { Pool } from '../run/connections/pool';
import { type Plan, type PlanContext, planRequest } from '../run/plan/plan';
import type { Match } from '../run/results/expectations';
import type { MessageFile, Section } from '../syntax/ast';
import type { Surroundings } from '../values/builtins';
import type { Environment } from '../values/environments';
import { messagePlaces } from '../values/message-places';
import type { Scope } from '../values/variables';
import type { DeadLetters } from './dead-letters';
import type { Loops } from './loops';
import { createScopes } from './scope';

export interface RuleOptions extends Omit<RunContext, 'signal' | 'timeout'>, Omit<PlanContext, 'scope' | 'answer'> {
	file: MessageFile;
	/** Its request has the verb ON. */
	section: Section;
	environment: Environment;
	around: Surroundings;
	match: Match;
	/** Makes one attempt. Throws a FailureError. */
	connect(spec: ConnectionSpec): Promise<Connection>;
	/** The connections of the run that the rule belongs to; its own unless given. */
	pool?: Pool;
	/** Of all rules of this process. */
	loops?: Loops;
	/** The address of a connection, the same for all names that it has. */
	addressOf?(spec: ConnectionSpec): string | undefined;
	/** Where the messages go that cannot be processed; undefined: they are only counted. `source`: the rule's connection. */
	deadLetters?(section: Section, source: ConnectionSpec): DeadLetters | undefined;
	/** Values that must be masked in all output; the rule adds to it. */
	hidden: Set<string>;
	/** A part of the result of an earlier request of the run. */
	result?: Scope['result'];
	/** Longest wait for a reply, and the time of a rule without an end of its own, in milliseconds; 10 s unless given. */
	timeout?: number;
	/** It runs until it is stopped, unless its metadata says otherwise. */
	untilStopped?: boolean;
	/** A count or the state has changed; at most ten times per second. */
	onChanged?(): void;
}

/** Plans the source of a rule. Throws a PlacedFailure for its first problem. */
export async function planRule(options: RuleOptions): Promise<Plan> {
	const { file, section } = options;
	const [wrong] = messagePlaces(file, section);
	if (wrong) throw placed(messageDecides(wrong.what), wrong.range);
	return planRequest(file, section, { ...options, scope: createScopes(options, undefined)() });
}
