import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { freePort } from '../../net/listen';
import { probe } from '../../net/ports';
import { serverFolder, startRealServer } from '../real-server';

export interface ProtonBroker {
	readonly port: number;
	stop(): Promise<void>;
}

const examples = '/usr/share/proton/examples';

/**
 * Starts an example broker of Qpid Proton. Both create every address that is named, keep messages as they were encoded, and
 * ignore the distribution mode. The one in C is compiled first, which takes half a second.
 */
export async function startProton(language: 'c' | 'python'): Promise<ProtonBroker> {
	const folder = serverFolder('proton');
	const port = await freePort();
	const [command, args] = language === 'c' ? [compiled(folder.path), ['127.0.0.1', String(port)]] : script(port);
	const { stop } = await startRealServer({
		...{ name: 'Proton', folder, launch: { command, args } },
		ready: () => probe(port),
	});
	return { port, stop };
}

const script = (port: number): [string, string[]] => [
	'/usr/bin/python3',
	[join(examples, 'python', 'broker.py'), '-a', `127.0.0.1:${port}`],
];

function compiled(folder: string): string {
	const path = join(folder, 'broker');
	const libraries = ['-l:libqpid-proton-proactor.so.1', '-l:libqpid-proton-core.so.10', '-lpthread'];
	const { status, stderr } = spawnSync('gcc', ['-o', path, join(examples, 'c', 'broker.c'), ...libraries]);
	if (status !== 0) throw new Error(String(stderr));
	return path;
}
