import { withDeadline } from '../../base/deadline';
import { toFailure } from '../../base/failure';
import type { OpenRequest, StepReport, TestReport } from '../../model/contracts/session';
import type { Adapter } from '../../protocols/adapter';
import { deafSink } from '../../protocols/shared/null-sink';
import { attempt } from './attempt';

/** Connects once, reports each step with its duration, and closes again. */
export async function testConnection(adapter: Adapter, request: OpenRequest, signal: AbortSignal): Promise<TestReport> {
	const steps: StepReport[] = [];
	let entered = performance.now();
	const leave = () => {
		const last = steps.at(-1);
		if (last) last.ms = Math.round((performance.now() - entered) * 10) / 10;
		entered = performance.now();
	};
	try {
		const link = await attempt({
			adapter,
			request,
			signal,
			memory: new Map(),
			sink: deafSink,
			onStep(step) {
				leave();
				steps.push({ step, ms: 0 });
			},
			onFound(detail) {
				const last = steps.at(-1);
				if (last) last.detail = detail;
			},
		});
		leave();
		await withDeadline(link.close(), 1500, () => undefined).catch(() => {});
		link.destroy();
		return { ok: true, steps, facts: link.facts, security: link.security };
	} catch (error) {
		leave();
		const failure = toFailure(error);
		const last = steps.at(-1);
		if (last) last.failure = failure;
		else steps.push({ step: 'lookup', ms: 0, failure });
		return { ok: false, steps, facts: [] };
	}
}
