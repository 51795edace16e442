import type { Failure } from '../../base/failure';
import type { Simulation } from './settings';

/** Milliseconds. */
export interface Latency {
	p50: number;
	p99: number;
	p999: number;
	max: number;
}

/** A reason and how often it occurred. */
export interface Reason {
	text: string;
	count: number;
}

/** The outcome of a simulation. */
export interface SimulationReport {
	clients: {
		wanted: number;
		connected: number;
		/** Clients that could not connect. */
		refused: number;
		/** Clients whose connection ended before the simulation did. */
		lost: number;
	};
	/** Messages that were handed to the network, whatever became of them. */
	sent: number;
	/** Of those: messages that the peer has accepted, and replies. */
	acknowledged: number;
	refused: number;
	/** Of those: messages that may or may not have arrived. */
	unknown: number;
	/** Messages that could not be sent. */
	unsent: number;
	/** Messages that were due for clients without a connection. */
	skipped: number;
	/** Messages that were due before the end and not sent, because sending could not keep up. */
	behind: number;
	/** From the time at which a message was due, and from the time at which it was sent, to its acknowledgement or reply. */
	latency: { fromDue: Latency; fromSending: Latency };
	/** Messages per second. `wanted`: undefined without a rate. */
	rate: { wanted?: number; achieved: number };
	/** Reasons of refused, lost and unsent, at most 20. The last one stands for all others. */
	reasons: Reason[];
}

/** The state of a simulation that runs. */
export interface SimulationProgress {
	phase: 'connecting' | 'sending' | 'waiting';
	clients: number;
	connected: number;
	failed: number;
	sent: number;
	/** Messages of the last second. */
	rate: number;
	/** Milliseconds; undefined before the first acknowledgement. */
	p99?: number;
}

const whole = (count: number) => Math.round(count).toLocaleString('en');
const counted = (count: number, noun: string) => `${whole(count)} ${noun}${count === 1 ? '' : 's'}`;

/** Three significant digits at most: "0.42 ms", "12.5 ms", "1,240 ms". */
function milliseconds(ms: number): string {
	const digits = ms >= 100 ? 0 : ms >= 10 ? 1 : 2;
	return `${ms.toLocaleString('en', { maximumFractionDigits: digits })} ms`;
}

export function rateText(perSecond: number): string {
	if (perSecond >= 10) return `${whole(perSecond)}/s`;
	if (perSecond >= 1) return `${Number(perSecond.toFixed(1))}/s`;
	return `${Number((perSecond * 60).toFixed(1))}/min`;
}

/** "50 clients · 12,340 sent · 500/s · p99 3 ms" */
export function progressText({ phase, clients, connected, failed, sent, rate, p99 }: SimulationProgress): string {
	const problems = failed > 0 ? [`${whole(failed)} failed`] : [];
	if (phase === 'connecting')
		return [`${whole(connected)} of ${counted(clients, 'client')} connected`, ...problems].join(' · ');
	return [
		counted(connected, 'client'),
		...problems,
		`${whole(sent)} sent`,
		...(phase === 'sending' ? [rateText(rate)] : ['waiting for acknowledgements']),
		...(p99 === undefined ? [] : [`p99 ${milliseconds(p99)}`]),
	].join(' · ');
}

/** "50 clients that publish 500 messages/s". `send`, `messages`: the words of the protocol. */
export function simulationText({ clients, perSecond }: Simulation, send: string, messages: string): string {
	const who = clients === 1 ? '1 client that' : `${whole(clients)} clients that`;
	const verb = clients === 1 ? `${send.toLowerCase()}s` : send.toLowerCase();
	if (perSecond === undefined) return `${who} ${verb} ${messages}`;
	const [count, unit] = rateText(perSecond).split('/');
	return `${who} ${verb} ${count} ${messages}/${unit}`;
}

const rateOf = ({ rate: { wanted, achieved } }: SimulationReport) =>
	wanted === undefined ? rateText(achieved) : `${rateText(achieved)} of ${rateText(wanted)}`;

/** The figures of a report for one line. */
export function reportFacts(report: SimulationReport): string[] {
	const { clients, sent, acknowledged, refused, unknown, latency } = report;
	return [
		clients.connected === clients.wanted
			? counted(clients.wanted, 'client')
			: `${whole(clients.connected)} of ${counted(clients.wanted, 'client')}`,
		`${whole(sent)} sent`,
		...(acknowledged > 0 ? [`${whole(acknowledged)} acknowledged`] : []),
		...(refused > 0 ? [`${whole(refused)} refused`] : []),
		...(unknown > 0 ? [`${whole(unknown)} without acknowledgement`] : []),
		...(sent > 0 ? [rateOf(report), `p99 ${milliseconds(latency.fromDue.p99)}`] : []),
	];
}

/** In columns, so that the two can be compared. */
function latencyLines({ fromDue, fromSending }: SimulationReport['latency']): string[] {
	const row = (name: string, { p50, p99, p999, max }: Latency) => [name, ...[p50, p99, p999, max].map(milliseconds)];
	const rows = [
		['Latency', 'p50', 'p99', 'p99.9', 'max'],
		row('  from due', fromDue),
		row('  from sending', fromSending),
	];
	const widths = rows[0]?.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0))) ?? [];
	return rows.map((cells) =>
		cells
			.map((cell, column) => cell.padEnd(widths[column] ?? 0))
			.join('  ')
			.trimEnd(),
	);
}

/** The whole report, one fact on a line. */
export function reportLines(report: SimulationReport): string[] {
	const { clients, sent, acknowledged, refused, unknown, unsent, skipped, behind, latency } = report;
	const some = (count: number, text: string) => (count > 0 ? [`${whole(count)} ${text}`] : []);
	const ends = [...some(clients.refused, 'could not connect'), ...some(clients.lost, 'lost their connection')];
	const fates = [
		...some(acknowledged, 'acknowledged'),
		...some(refused, 'refused'),
		...some(unknown, 'without acknowledgement'),
	];
	const missing = [
		...some(unsent, 'could not be sent'),
		...some(skipped, 'due for clients without a connection'),
		...some(behind, 'due but not sent in time'),
	];
	return [
		`Clients: ${whole(clients.connected)} of ${whole(clients.wanted)} connected${ends.map((one) => `, ${one}`).join('')}`,
		`Messages: ${whole(sent)} sent${fates.map((one) => `, ${one}`).join('')}`,
		...(missing.length > 0 ? [`Not sent: ${missing.join(', ')}`] : []),
		...(sent > 0 ? [`Rate: ${rateOf(report)}`] : []),
		...(acknowledged > 0 || latency.fromDue.max > 0 ? latencyLines(latency) : []),
		...report.reasons.map(({ text, count }) => (count === 1 ? text : `${text} (${whole(count)} times)`)),
	];
}

/** Why a simulation has failed; undefined if everything was sent and accepted. */
export function reportFailure({
	clients,
	refused,
	unknown,
	unsent,
	behind,
	reasons,
}: SimulationReport): Failure | undefined {
	const parts = [
		clients.refused > 0 && `${whole(clients.refused)} of ${counted(clients.wanted, 'client')} could not connect`,
		clients.lost > 0 && `${counted(clients.lost, 'client')} lost the connection`,
		refused > 0 && `${counted(refused, 'message')} ${refused === 1 ? 'was' : 'were'} refused`,
		unknown > 0 && `${counted(unknown, 'message')} ${unknown === 1 ? 'was' : 'were'} not acknowledged`,
		unsent > 0 && `${counted(unsent, 'message')} could not be sent`,
		behind > 0 &&
			`${counted(behind, 'message')} ${behind === 1 ? 'was' : 'were'} not sent in time, because sending could not keep up`,
	].filter((part) => part !== false);
	if (parts.length === 0) return undefined;
	const [first] = reasons;
	return { code: 'simulation', message: `${parts.join(', ')}.`, ...(first && { evidence: first.text }) };
}
