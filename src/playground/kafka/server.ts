import { createServer, type Server, type Socket } from 'node:net';
import { openPort } from '../ports';
import type { Api } from './apis/api';
import { apis as allApis } from './apis/index';
import { apiVersions } from './apis/versions';
import { Cluster, type Node } from './cluster';
import { type Serve, serveConnection } from './connection';
import type { Limits } from './limits';

export interface KafkaOptions {
	/** A port for each broker; 0 is any free port. The first is in use by default. */
	ports: readonly number[];
	/** Host that metadata names. Default: 127.0.0.1. */
	host?: string;
	limits?: Limits;
	/** Further APIs. */
	apis?: readonly Api[];
	/** Stands between the connection and the API's handler. */
	serve?: Serve;
	/** Makes the server of a broker, such as one with TLS. */
	listener?: (serve: (socket: Socket) => void) => Server;
}

export interface KafkaServer {
	readonly cluster: Cluster;
	/** Ports on loopback, in the order of the brokers. */
	readonly ports: readonly number[];
	/** Connections that are open now. */
	connections(): number;
	/** Closes a broker's port and connections, or opens its port again. */
	setUp(id: number, isUp: boolean): Promise<void>;
	close(): Promise<void>;
}

/** Starts brokers on loopback. They share topics and groups, which live in memory. */
export async function startKafkaServer(options: KafkaOptions): Promise<KafkaServer> {
	const cluster = new Cluster(options.limits);
	const listed = [...allApis, ...(options.apis ?? [])];
	const all = [...listed, apiVersions(listed)];
	const apis = new Map(all.map((one) => [one.key, one]));
	const serve: Serve = options.serve ?? ((api, request, call) => api.handle(request, call));
	const sockets = new Map<Socket, Node>();
	const servers = new Map<Node, Server>();

	function createBroker(node: Node): Server {
		const onSocket = (socket: Socket) => {
			socket.on('error', () => {});
			if (sockets.size >= cluster.limits.clients) {
				socket.destroy();
				return;
			}
			sockets.set(socket, node);
			socket.on('close', () => sockets.delete(socket));
			socket.setNoDelay(true);
			serveConnection(socket, { apis, cluster, node, serve });
		};
		const server = options.listener?.(onSocket) ?? createServer(onSocket);
		servers.set(node, server);
		return server;
	}

	async function stop(node: Node): Promise<void> {
		const server = servers.get(node);
		servers.delete(node);
		for (const [socket, owner] of sockets) if (owner === node) socket.destroy();
		if (server) await new Promise((resolve) => server.close(resolve));
	}

	const ports: number[] = [];
	for (const [index, wanted] of options.ports.entries()) {
		const node: Node = { id: index + 1, host: options.host ?? '127.0.0.1', port: 0, isUp: true };
		node.port = await openPort(createBroker(node), wanted);
		ports.push(node.port);
		cluster.nodes.push(node);
	}
	return {
		cluster,
		ports,
		connections: () => sockets.size,
		async setUp(id, isUp) {
			const node = cluster.nodes.find((one) => one.id === id);
			if (!node || node.isUp === isUp) return;
			cluster.setUp(id, isUp);
			if (isUp) await openPort(createBroker(node), ports[id - 1] as number);
			else await stop(node);
		},
		async close() {
			cluster.groups.close();
			await Promise.all(cluster.nodes.map(stop));
		},
	};
}
