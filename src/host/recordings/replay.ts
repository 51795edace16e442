import { fail } from '../../base/failure';
import type { Remote } from '../../base/rpc';
import type { ActRequest, ActResult } from '../../model/contracts/browse';
import type { EngineApi } from '../../model/contracts/engine-api';
import type { ReplayRequest } from '../../model/contracts/replay';
import type { FieldValue, Values } from '../../model/profile/field';
import { parseDuration } from '../../model/text/duration';
import { connectProfile } from '../connections/connect';
import { cancelled } from '../failures';
import { storedProfile } from '../profiles/store';
import type { Services } from '../services';
import { requireTrust } from '../trust';
import { askModal } from '../ui/notify';
import { textOf } from './actions';
import { replayQuestion } from './question';

/** The recording that is replayed. */
export interface Recording {
	path: string;
	/** Name of the file. */
	name: string;
	protocol: string;
	/** Of the recording, which counts what will be sent. */
	engine: Remote<EngineApi>;
}

export interface Replayed extends ActResult {
	/** Name of the connection. */
	to: string;
}

/**
 * Replays a recording to the connection that the user has chosen, after a question with what will be sent, in the thread of that
 * connection. `onStart`: takes the id of the connection when it begins. Throws `cancelled` if the user declines.
 */
export async function replayRecording(
	services: Services,
	recording: Recording,
	{ id, values }: ActRequest,
	onStart: (connection: string) => void,
): Promise<Replayed> {
	requireTrust();
	const to = textOf(values.to);
	if (to === undefined)
		throw fail('no-connection', 'There is no connection to replay to.', {
			remedy: { text: 'Add Connection', command: 'messagingWorkbench.addConnection' },
		});
	const { profile } = storedProfile(services.profiles, to);
	const request = requestOf(recording, id, values);
	const preview = await recording.engine.previewReplay(request, profile.protocol);
	if (preview.stopped) throw cancelled();
	const { text, detail, button } = replayQuestion(request, preview, profile, recording);
	if (button === undefined) throw fail('nothing-to-replay', text, { evidence: detail });
	if ((await askModal(profile.production ? 'warning' : 'information', text, detail, button)) === undefined)
		throw cancelled();
	if (!(await connectProfile(services, to)))
		throw fail('not-open', `“${profile.name}” is not connected, so nothing was sent.`);
	onStart(to);
	const result = await services.sessions
		.of(to, profile.protocol)
		.engine()
		.replay({ ...request, total: preview.messages * request.times });
	return { ...result, to: profile.name };
}

function requestOf({ path, protocol }: Recording, id: string, values: Values): ReplayRequest {
	const { pace, speed, map, times, directions } = values;
	const only = textOf(values.only);
	const from = timeOf(values.from, 'from');
	const until = timeOf(values.until, 'until');
	if (from !== undefined && until !== undefined && until <= from)
		throw fail('bad-field', '“Until” is not after “From”.', { field: 'until' });
	return {
		...{ id, path, protocol, map: Array.isArray(map) ? (map as [string, string][]) : [] },
		...(only !== undefined && { only }),
		part: { ...(from !== undefined && { from }), ...(until !== undefined && { until }) },
		directions: directions === 'both' ? ['in', 'out'] : [directions === 'out' ? 'out' : 'in'],
		...(pace !== 'max' && { speed: pace === 'scaled' && typeof speed === 'number' ? speed : 1 }),
		times: typeof times === 'number' ? times : 1,
	};
}

/** A time since the start of the recording, in milliseconds. Throws `bad-field`. */
export function timeOf(value: FieldValue | undefined, field: string): number | undefined {
	const text = textOf(value);
	if (text === undefined) return undefined;
	const duration = parseDuration(text);
	if ('problem' in duration) throw fail('bad-field', duration.problem, { field });
	return duration.ms;
}
