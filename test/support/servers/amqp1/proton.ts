import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../net/listen';
import { eventually } from '../../run/eventually';

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
	const folder = mkdtempSync(join(tmpdir(), 'proton-'));
	const port = await freePort();
	const [command, args] = language === 'c' ? [compiled(folder), ['127.0.0.1', String(port)]] : script(port);
	const child: ChildProcess = spawn(command, args, { stdio: 'ignore' });
	const atExit = () => void child.kill('SIGKILL');
	process.on('exit', atExit);
	await eventually('Proton listens', async () => {
		if (child.exitCode !== null) throw new Error(`The broker ended with ${child.exitCode}.`);
		const socket = connect(port, '127.0.0.1');
		await once(socket, 'connect');
		socket.destroy();
	});
	return {
		port,
		async stop() {
			const ended = once(child, 'exit');
			child.kill('SIGKILL');
			await ended;
			process.off('exit', atExit);
			rmSync(folder, { recursive: true, force: true });
		},
	};
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
