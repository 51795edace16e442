import type { Cluster, Node } from '../cluster';
import type { InOf, OutOf, Type } from '../wire/schema';

/** Who sent a request, and where. */
export interface Call {
	readonly cluster: Cluster;
	/** The broker that was asked. */
	readonly node: Node;
	readonly version: number;
	readonly clientId: string;
	readonly clientHost: string;
	/** Aborted when the connection ends. */
	readonly signal: AbortSignal;
}

/** A request of Kafka's protocol: its numbers, its schemas and what the broker does. */
export interface Api {
	readonly key: number;
	readonly name: string;
	/** Lowest and highest version that is served. */
	readonly versions: readonly [number, number];
	/** First version with compact lengths and tagged fields. */
	readonly flexible: number;
	readonly request: Type<unknown>;
	readonly response: Type<unknown>;
	/** undefined: no answer is sent. */
	handle(request: unknown, call: Call): unknown;
}

/** Declares an API whose handler has the types of its schemas. */
export function api<Request extends Type<unknown, never>, Response extends Type<unknown, never>>(definition: {
	key: number;
	name: string;
	versions: readonly [number, number];
	flexible: number;
	request: Request;
	response: Response;
	handle(request: OutOf<Request>, call: Call): InOf<Response> | undefined | Promise<InOf<Response> | undefined>;
}): Api {
	return definition as unknown as Api;
}

export const never = Number.POSITIVE_INFINITY;
