import type { Disposable } from '../../base/disposable';
import type { RunContext } from '../run/connection';
import type { SimulationProgress } from './report';
import type { Tally } from './tally';

/** Milliseconds. */
const reportEvery = 250;
const rateOver = 1000;

export interface ProgressOptions extends Pick<RunContext, 'clock'> {
	clients: number;
	tally: Tally;
	onProgress?(progress: SimulationProgress): void;
}

/** Reports the state of a simulation at an interval until it is disposed. */
export function watchProgress({ clients, tally, clock, onProgress }: ProgressOptions) {
	let phase: SimulationProgress['phase'] = 'connecting';
	let timer: Disposable | undefined;
	/** Numbers of sent messages in the last second, oldest first. */
	let samples: { at: number; sent: number }[] = [];

	function report(): void {
		const at = clock.now();
		const { sent } = tally.counts;
		samples = [...samples.filter((one) => at - one.at <= rateOver), { at, sent }];
		const [first = { at, sent }] = samples;
		const rate = at > first.at ? ((sent - first.sent) * 1000) / (at - first.at) : 0;
		const { p99 } = tally;
		onProgress?.({
			...{ phase, clients, connected: tally.clients.connected, failed: tally.failedClients, sent, rate },
			...(p99 !== undefined && { p99 }),
		});
		timer = clock.after(reportEvery, report);
	}

	if (onProgress) timer = clock.after(reportEvery, report);
	return {
		enter(next: SimulationProgress['phase']): void {
			phase = next;
			if (next === 'sending') samples = [{ at: clock.now(), sent: 0 }];
		},
		dispose: () => timer?.dispose(),
	};
}
