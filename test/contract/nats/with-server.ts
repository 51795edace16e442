import type { TestContext } from 'node:test';
import { connect as connectPeer, type NatsConnection } from '@nats-io/transport-node';
import type { Values } from '../../../src/model/profile/field';
import { adapter } from '../../../src/protocols/nats/adapter';
import { type NatsOptions, type NatsServer, startNats } from '../../support/servers/nats';
import { connect, type Recorded, resolved, type TestLink } from '../suite/attempt';

export interface WithServer {
	server: NatsServer;
	/** A second client, with the library of NATS. */
	peer: NatsConnection;
	api: ReturnType<typeof apiOf>;
	open(values?: Values, secrets?: Record<string, string>): Promise<{ link: TestLink; recorded: Recorded }>;
}

/** Requests to JetStream's API by the second client. */
export function apiOf(peer: NatsConnection) {
	return async (name: string, body?: object): Promise<Record<string, never>> => {
		const { data } = await peer.request(`$JS.API.${name}`, body ? JSON.stringify(body) : '');
		const answer = JSON.parse(Buffer.from(data).toString());
		if (answer.error) throw new Error(JSON.stringify(answer.error));
		return answer;
	};
}

/** A server without users, for the cases of one file. */
export async function withServer(t: TestContext, options: NatsOptions = {}): Promise<WithServer> {
	const server = await startNats({ jetStream: true, ...options });
	const peer = await connectPeer({
		servers: `127.0.0.1:${server.port}`,
		reconnectTimeWait: 50,
		maxReconnectAttempts: -1,
	});
	t.after(async () => {
		await peer.close();
		await server.stop();
	});
	return {
		...{ server, peer },
		api: apiOf(peer),
		open: (values = {}, secrets = {}) =>
			connect({ adapter, profile: resolved('nats', `nats://127.0.0.1:${server.port}`), values, secrets }),
	};
}
