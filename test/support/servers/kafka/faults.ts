import type { Serve } from '../../../../src/playground/kafka/connection';
import type { CallRecord, Fault } from './options';
import { refuse } from './refuse';

/** What goes wrong, one fault after the other; the first that fits a request counts. */
export class Faults {
	active: Fault[] = [];
	/** Requests since they were last taken. */
	readonly calls: CallRecord[] = [];

	around(next: Serve): Serve {
		return async (api, request, call, socket) => {
			const { version, node, clientId } = call;
			this.calls.push({ api: api.name, version, broker: node.id, clientId });
			if (this.calls.length > 10_000) this.calls.shift();
			const fault = this.take(api.name, node.id);
			switch (fault?.kind) {
				case undefined:
					return next(api, request, call, socket);
				case 'silence':
					return new Promise(() => {});
				case 'close':
					socket.destroy();
					return undefined;
				case 'slow':
					await new Promise((resolve) => setTimeout(resolve, fault.ms));
					return next(api, request, call, socket);
				case 'error':
					return refuse(api.name, request, () => next(api, request, call, socket), fault.code);
				case 'raw':
					socket.write(fault.bytes);
					return undefined;
				case 'corrupt':
					return corrupted(await next(api, request, call, socket));
			}
		};
	}

	private take(api: string, broker: number): Fault | undefined {
		const fault = this.active.find((one) => (one.api ?? api) === api && (one.broker ?? broker) === broker);
		if (fault?.times !== undefined && --fault.times === 0) this.active = this.active.filter((one) => one !== fault);
		return fault;
	}
}

/** The answer with a flipped bit in each of its record sets, whose checksums are wrong then. */
function corrupted(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(corrupted);
	if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, member]) => {
			if (name !== 'records' || !Buffer.isBuffer(member) || member.length === 0) return [name, corrupted(member)];
			const copy = Buffer.from(member);
			copy[copy.length - 1] = (copy[copy.length - 1] as number) ^ 1;
			return [name, copy];
		}),
	);
}
