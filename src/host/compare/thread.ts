import { Worker } from 'node:worker_threads';
import { FailureError } from '../../base/failure';
import type { CompareData, CompareMessage } from '../../compare/report/thread';
import type { Report } from '../../compare/report/types';
import { comparisonEnded } from '../failures';

/** Milliseconds within which a stopped comparison must return what it has. */
const stopTimeout = 15_000;

/** Measures in a thread of its own, so that the editor neither waits nor disturbs. Throws the failure of the thread. */
export function compareInThread(
	path: string,
	data: CompareData,
	progress: (text: string, done: number) => void,
	signal: AbortSignal,
): Promise<Report> {
	const worker = new Worker(path, { workerData: data, execArgv: [], stdout: true, stderr: true });
	worker.stdout.resume();
	worker.stderr.resume();
	let timer: ReturnType<typeof setTimeout> | undefined;
	const stop = () => {
		worker.postMessage('stop');
		timer = setTimeout(() => void worker.terminate(), stopTimeout);
	};
	signal.addEventListener('abort', stop);
	return new Promise<Report>((resolve, reject) => {
		worker.on('message', (message: CompareMessage) => {
			if (message.kind === 'progress') progress(message.text, message.done);
			else if (message.kind === 'report') resolve(message.report);
			else reject(new FailureError(message.failure));
		});
		worker.on('error', (error) => reject(comparisonEnded(error.message)));
		worker.on('exit', (code) => reject(comparisonEnded(`exit code ${code}`)));
	}).finally(() => {
		clearTimeout(timer);
		signal.removeEventListener('abort', stop);
		void worker.terminate();
	});
}
