import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startNatsLife } from './nats-life';
import type { Recipe } from './recipe';

/** NATS with JetStream and without accounts. */
export const nats: Recipe = {
	...{ id: 'nats', label: 'NATS', usualPort: 4222, morePorts: [] },
	programs: [['nats-server']],
	install: { debian: 'sudo apt install nats-server', macos: 'brew install nats-server' },
	prepare({ folder, port, programs: [server = ''] }) {
		const configuration = join(folder, 'nats.conf');
		const store = JSON.stringify(join(folder, 'jetstream'));
		writeFileSync(
			configuration,
			`host: 127.0.0.1
port: ${port}
server_name: playground
max_connections: 1000
jetstream { store_dir: ${store}, max_memory_store: 64MB, max_file_store: 256MB }
`,
		);
		return { command: server, args: ['-c', configuration] };
	},
	connections: ({ port }) => [
		{
			profile: {
				...{ name: 'Playground NATS', protocol: 'nats', url: `nats://127.0.0.1:${port}` },
				subscriptions: [{ target: 'orders.>' }],
			},
		},
	],
	live: ({ port }) => startNatsLife(port),
};
