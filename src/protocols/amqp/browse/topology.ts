import { isRecord } from '../../../base/check';
import { fail } from '../../../base/failure';
import type { Management } from './management';
import { createPages, type Json, type Listed } from './pages';

export interface Exchange {
	name: string;
	/** Undefined without the management API. */
	type?: string;
	durable?: boolean;
	autoDelete?: boolean;
	internal?: boolean;
	arguments?: Record<string, unknown>;
	/** The reason why it cannot be read. */
	problem?: string;
}

export interface Queue {
	name: string;
	type?: string;
	state?: string;
	durable?: boolean;
	exclusive?: boolean;
	autoDelete?: boolean;
	/** Undefined until the first statistics arrive. */
	ready?: number;
	unacknowledged?: number;
	consumers?: number;
	node?: string;
	policy?: string;
	/** Arguments set by policies, without the prefix "x-". */
	policyTerms?: Record<string, unknown>;
	arguments?: Record<string, unknown>;
	problem?: string;
}

export interface Binding {
	source: string;
	destination: string;
	to: 'queue' | 'exchange';
	key: string;
	arguments: Record<string, unknown>;
	/** The management API's key for this binding among those with the same ends. */
	id?: string;
}

/** The contents of the virtual host, from the management API. */
export interface Topology {
	exchanges(offset: number, count: number): Promise<Listed<Exchange>>;
	queues(offset: number, count: number): Promise<Listed<Queue>>;
	bindings(of: 'queue' | 'exchange', name: string): Promise<Binding[]>;
	/** All bindings of the virtual host, without those of the default exchange. */
	allBindings(): Promise<Binding[]>;
	deleteBinding(binding: Pick<Binding, 'source' | 'destination' | 'to'> & { id: string }): Promise<void>;
	exchange(name: string): Promise<Exchange>;
	queue(name: string): Promise<Queue>;
	vhost(): Promise<{ tracing?: boolean }>;
	setTracing(on: boolean): Promise<void>;
	forget(): void;
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
const number = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);
const yes = (value: unknown) => (typeof value === 'boolean' ? value : undefined);
const record = (value: unknown) => (isRecord(value) ? value : undefined);

function exchangeOf(value: Record<string, unknown>): Exchange {
	return {
		name: text(value.name) ?? '',
		type: text(value.type),
		durable: yes(value.durable),
		autoDelete: yes(value.auto_delete),
		internal: yes(value.internal),
		arguments: record(value.arguments),
	};
}

function queueOf(value: Record<string, unknown>): Queue {
	return {
		name: text(value.name) ?? '',
		type: text(value.type) ?? text(record(value.arguments)?.['x-queue-type']) ?? 'classic',
		state: text(value.state),
		durable: yes(value.durable),
		exclusive: yes(value.exclusive),
		autoDelete: yes(value.auto_delete),
		ready: number(value.messages_ready),
		unacknowledged: number(value.messages_unacknowledged),
		consumers: number(value.consumers),
		node: text(value.node),
		policy: text(value.policy),
		policyTerms: record(value.effective_policy_definition),
		arguments: record(value.arguments),
	};
}

/**
 * The destination of a queue's dead letters. An argument of the queue has precedence over the same in a policy (RabbitMQ's
 * guide "Dead Letter Exchanges"). Without a key they keep their own.
 */
export function deadLettersOf(queue: Queue): { exchange: string; key?: string } | undefined {
	const term = (name: string) => text(queue.arguments?.[`x-${name}`]) ?? text(queue.policyTerms?.[name]);
	const exchange = term('dead-letter-exchange');
	return exchange === undefined ? undefined : { exchange, key: term('dead-letter-routing-key') };
}

function bindingOf(value: Record<string, unknown>): Binding {
	return {
		source: text(value.source) ?? '',
		destination: text(value.destination) ?? '',
		to: value.destination_type === 'exchange' ? 'exchange' : 'queue',
		key: text(value.routing_key) ?? '',
		arguments: record(value.arguments) ?? {},
		id: text(value.properties_key),
	};
}

export function createTopology(management: Management, vhost: string): Topology {
	const host = encodeURIComponent(vhost);
	const pages = createPages(management);
	// Not from the cache: these are read to decide about something.
	const now = async <T>(path: string, of: (value: Json) => T): Promise<T> => {
		const answer = await management.get(path);
		if (!isRecord(answer)) throw fail('not-management', 'The management API’s answer is not an object.');
		return of(answer);
	};

	return {
		exchanges: (offset, count) => pages.list(`/exchanges/${host}`, offset, count, exchangeOf),
		queues: (offset, count) => pages.list(`/queues/${host}`, offset, count, queueOf),
		async bindings(of, name) {
			const at = `/${of}s/${host}/${encodeURIComponent(name)}/bindings`;
			const paths = of === 'queue' ? [at] : [`${at}/source`, `${at}/destination`];
			const answers = await Promise.all(paths.map((path) => management.get(path)));
			return answers.flatMap((answer) => (Array.isArray(answer) ? answer.filter(isRecord).map(bindingOf) : []));
		},
		async allBindings() {
			const all = await pages.whole(`/bindings/${host}`);
			return all.map(bindingOf).filter(({ source }) => source !== '');
		},
		deleteBinding({ source, destination, to, id }) {
			const [from, end, props] = [source, destination, id].map(encodeURIComponent);
			return management.delete(`/bindings/${host}/e/${from}/${to === 'queue' ? 'q' : 'e'}/${end}/${props}`);
		},
		exchange: (name) => now(`/exchanges/${host}/${encodeURIComponent(name)}`, exchangeOf),
		queue: (name) => now(`/queues/${host}/${encodeURIComponent(name)}`, queueOf),
		vhost: () => now(`/vhosts/${host}`, ({ tracing }) => ({ tracing: yes(tracing) })),
		setTracing: (on) => management.put(`/vhosts/${host}`, { tracing: on }),
		forget: pages.forget,
	};
}
