import type { ConnectStep, SessionState, Status, UnfinishedMessage } from '../contracts/session';

const steps: Record<ConnectStep, string> = {
	lookup: 'looking up the name',
	tcp: 'opening TCP',
	tls: 'TLS handshake',
	handshake: 'handshake',
	login: 'signing in',
};

/** "1,204". Without Intl.NumberFormat, whose first use costs 25 ms at the start of the editor. */
export const formatCount = (count: number) => String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');

export function formatRate(rate: number): string {
	return `${rate >= 10 || rate === 0 ? formatCount(rate) : rate.toFixed(1)}/s`;
}

/** "56 bytes", "1.2 KB", "10.0 MB", in multiples of 1024 as in the editor. */
export function formatSize(bytes: number): string {
	const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
	const at = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log(Math.max(1, bytes)) / Math.log(1024))));
	return at === 0 ? `${bytes} bytes` : `${(bytes / 1024 ** at).toFixed(1)} ${units[at]}`;
}

/** "waiting for the rest of a message: 4 of 1,048,576 bytes" */
export function unfinishedText({ bytes, size }: UnfinishedMessage): string {
	return `waiting for the rest of a message: ${formatCount(bytes)} ${size === undefined ? '' : `of ${formatCount(size)} `}bytes`;
}

/** A session's state in a few words for sidebar and status bar. `now`: milliseconds since the epoch. */
export function stateText({ state, received, rate }: Pick<Status, 'state' | 'received' | 'rate'>, now: number): string {
	switch (state.kind) {
		case 'closed':
			return state.failure ? `failed: ${state.failure.message}` : '';
		case 'connecting':
			return `connecting… (${steps[state.step]})`;
		case 'open':
			if (state.unfinished) return `open · ${unfinishedText(state.unfinished)}`;
			if (received === 0) return 'open · no messages';
			return `open · ${formatCount(received)} ${received === 1 ? 'msg' : 'msgs'}${rate > 0 ? ` · ${formatRate(rate)}` : ''}`;
		case 'retrying':
			return `waiting to retry in ${Math.max(0, Math.ceil((state.at - now) / 1000))} s: ${state.failure.message}`;
		case 'closing':
			return 'disconnecting…';
	}
}

/** Value for a menu's `when` clause. */
export function stateWord(state: SessionState): 'open' | 'busy' | 'retrying' | 'closed' {
	switch (state.kind) {
		case 'open':
			return 'open';
		case 'connecting':
		case 'closing':
			return 'busy';
		case 'retrying':
			return 'retrying';
		case 'closed':
			return 'closed';
	}
}
