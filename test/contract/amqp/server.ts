import test from 'node:test';
import type { ActResult } from '../../../src/model/contracts/browse';
import type { Values } from '../../../src/model/profile/field';
import type { Logged } from '../../../src/protocols/adapter';
import { adapter } from '../../../src/protocols/amqp/adapter';
import { passwords, type RabbitMq, startRabbitMq } from '../../support/servers/rabbitmq';
import { type Peer, startPeer } from '../../support/servers/rabbitmq-peer';
import { connect, type Recorded, resolved, type TestLink } from '../suite/attempt';

export interface Opened {
	link: TestLink;
	recorded: Recorded;
}

export interface World {
	server: RabbitMq;
	/** Another client at the virtual host "/". */
	peer: Peer;
	/** A link that is destroyed after the case. */
	open(options?: OpenOptions): Promise<Opened>;
	profile(options?: OpenOptions): { profile: ReturnType<typeof resolved>; secrets: { password: string } };
}

export interface OpenOptions {
	user?: keyof typeof passwords;
	/** Behind host and port. */
	path?: string;
	values?: Values;
}

export type Cases = Record<string, (world: World) => Promise<void>>;

/** Cases against one real server, one after the other: its start costs more than most of them together. */
export function against(groups: Record<string, Cases>): void {
	test('AMQP: one RabbitMQ', async (t) => {
		const server = await startRabbitMq();
		t.after(() => server.stop());
		for (const [name, cases] of Object.entries(groups))
			await t.test(name, async (group) => {
				const peer = await startPeer(server);
				for (const [title, run] of Object.entries(cases)) await group.test(title, () => one(server, peer, run));
				await peer.close();
			});
	});
}

async function one(server: RabbitMq, peer: Peer, run: Cases[string]): Promise<void> {
	const links: TestLink[] = [];
	const profile: World['profile'] = ({ user = 'admin', path = '', values } = {}) => ({
		profile: resolved('amqp', `amqp://127.0.0.1:${server.port}${path}`, {
			...{ username: user, 'management.url': server.management },
			...values,
		}),
		secrets: { password: passwords[user] },
	});
	try {
		await run({
			...{ server, peer, profile },
			async open(options) {
				const opened = await connect({ adapter, ...profile(options) });
				links.push(opened.link);
				return opened;
			},
		});
	} finally {
		for (const link of links) link.destroy();
	}
}

/** An action as the session starts it. */
export async function act(
	{ link }: Opened,
	action: string,
	request: { node?: string; messages?: Logged[]; values?: Values; signal?: AbortSignal } = {},
): Promise<ActResult> {
	const { node, messages = [], values = {}, signal = new AbortController().signal } = request;
	if (!link.act) throw new Error('The link has no actions.');
	return link.act({ action, node, messages, values, signal, progress() {} });
}

/** Recorded messages as the log would give them. */
export function logged({ recorded }: Opened): Logged[] {
	return recorded.messages.map((message, seq) => ({ ...message, seq }));
}

export const bytes = (text: string) => Buffer.from(text);
export const texts = ({ recorded }: Opened) => recorded.messages.map(({ payload }) => payload.toString());
