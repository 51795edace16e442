import { FailureError, fail } from '../../../base/failure';
import type { BrowsePage } from '../../../model/contracts/browse';
import { formatName } from '../../../model/text/content-formats';
import { readLinks } from '../../../model/text/link-format';
import { codeInWords, isSuccess } from '../describe/codes';
import { targetOptions } from '../describe/target';
import { diagnostic } from '../messages/sending';
import { type AskOptions, NoAnswerError } from '../wire/no-answer';
import { findUint, option } from '../wire/options';
import { transfer } from '../wire/transfer';
import { type Resources, resourcesOf } from './resources';

export interface BrowsingOptions extends Pick<AskOptions, 'exchange' | 'clock' | 'responseWithin'> {
	/** Maximum size of the list, in bytes. */
	limit: number;
}

export interface Browsing {
	browse(parent: string | undefined, offset: number, count: number): Promise<BrowsePage>;
	/** Known targets that start with this text, at most `max`. Sends nothing. */
	targets(start: string, max: number): string[];
	/** Requests the list again. Resolves with the number of resources. */
	refresh(): Promise<number>;
	stop(): void;
}

interface Listed {
	resources: Resources;
	note?: string;
	at: number;
}

/** Milliseconds after which opening the tree requests the list again. */
const freshFor = 2000;
const core = '/.well-known/core';
/** application/link-format (RFC 6690, 7.2). */
const linkFormat = 40;

/** Browses the resources that the server lists under /.well-known/core (RFC 6690, 4). */
export function createBrowsing(options: BrowsingOptions): Browsing {
	const stop = new AbortController();
	let listed: Listed | undefined;
	let loading: Promise<Listed> | undefined;

	function list(): Promise<Listed> {
		loading ??= read().finally(() => {
			loading = undefined;
		});
		return loading;
	}

	async function read(): Promise<Listed> {
		const request = {
			...{ code: 1, confirmable: true, options: targetOptions(core), payload: new Uint8Array() },
			...{ szx: 6, target: core },
		};
		const { message } = await transfer(request, { ...options, signal: stop.signal, progress() {} }).catch(explain);
		const words = codeInWords(message.code);
		if (!isSuccess(message.code))
			throw fail('no-discovery', `The server does not list its resources: ${words} to GET ${core}.`, {
				evidence: diagnostic(message),
				remedy: { text: 'Enter the path of a resource.' },
			});
		const format = findUint(message.options, option.contentFormat) ?? linkFormat;
		if (format !== linkFormat)
			throw fail('no-discovery', `The server lists its resources as ${formatName(format) ?? `format ${format}`}.`, {
				remedy: { text: `Send a GET to ${core} to see the answer.` },
			});
		const { links, problem } = readLinks(new TextDecoder().decode(message.payload));
		listed = { resources: resourcesOf(links), at: options.clock.now(), ...(problem && { note: problem }) };
		return listed;
	}

	function explain(error: unknown): never {
		if (error instanceof FailureError) throw error;
		if (error instanceof NoAnswerError)
			throw fail('no-answer', `The server did not answer GET ${core} (${error.reason.why}).`);
		throw error;
	}

	return {
		async browse(parent, offset, count) {
			const isStale = !listed || (parent === undefined && options.clock.now() - listed.at > freshFor);
			const { resources, note } = isStale || !listed ? await list() : listed;
			const nodes = resources.children(parent);
			if (!nodes) throw fail('no-node', 'The server no longer lists this resource.');
			const page = { total: nodes.length, nodes: nodes.slice(offset, offset + count) };
			return note && parent === undefined ? { ...page, note } : page;
		},
		targets: (start, max) =>
			(listed?.resources.targets ?? []).filter((target) => target.startsWith(start.replace(/^\//, ''))).slice(0, max),
		async refresh() {
			return (await list()).resources.count;
		},
		stop: () => stop.abort(),
	};
}
