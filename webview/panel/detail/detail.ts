import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { FailureError } from '../../../src/base/failure';
import { markWords } from '../../../src/model/checks/mark';
import {
	type Decoding,
	type Detail,
	type DetailPart,
	direction,
	type Receipt,
} from '../../../src/model/contracts/message';
import type { Property, Status } from '../../../src/model/contracts/session';
import { Latest } from '../../base/latest-question';
import { controls, shared } from '../../base/styles';
import { count, dateAndClock, duration, number, visible } from '../../base/words';
import { icon } from '../../controls/icons';
import { toolButton } from '../../controls/tool-button';
import { proofStyle, wayNames } from '../log/log-row';
import { bySeriousness, markStyle } from '../marks/marked';
import type { PanelStore } from '../store';
import './answers';
import './chart';
import './message-actions';
import './payload';

/** A date with a time, such as `2026-01-31T12:00:00.123456789Z`, and nothing else. */
const isTime = (text: string) => /^\d{4}-\d\d-\d\d[T ][\d:.]+(Z|[+-][\d:]+)?$/.test(text);

/** A single message: its properties, receipt, answers, payload and chart. */
@customElement('mw-detail')
export class DetailPane extends LitElement {
	static override styles = [
		shared,
		controls,
		css`
			:host { display: block; overflow: auto; padding: 0 8px 8px; min-height: 0; min-width: 0; position: relative;
				overflow-anchor: none; container-type: inline-size; }
			.head { display: flex; align-items: center; gap: 4px; min-height: 34px; position: sticky; left: 0; }
			h2 { margin: 0; font-size: 1em; font-weight: 600; }
			h3 > .size { font-weight: normal; }
			h3 { margin: 6px 0 2px; font-size: 0.92em; font-weight: 600; color: var(--dim); }
			.target { overflow-wrap: anywhere; font-weight: 600; margin-bottom: 4px; user-select: text; }
			dl + dl { margin-top: 2px; }
			dl { display: grid; grid-template-columns: minmax(8ch, 15ch) 1fr; gap: 2px 12px; margin: 0; }
			dt { color: var(--dim); overflow-wrap: anywhere; }
			dd { margin: 0; overflow-wrap: anywhere; user-select: text; }
			/* A time stays on one line; the labels make room for it. */
			dd.time { white-space: nowrap; }
			/* In a wide pane, the payload is beside the properties. */
			@container (min-width: 640px) {
				.parts { display: grid; grid-template-columns: minmax(0, 3fr) minmax(320px, 2fr); gap: 0 24px; }
				.parts dl { grid-template-columns: minmax(8ch, 13ch) 1fr; }
				.parts > .payload { grid-column: 1; grid-row: 1 / span 2; }
				.parts > .payload > h3:not(.several) { display: none; }
			}
			@container (max-width: 420px) { h2 .word { display: none; } h2 .number::before { content: '#'; } }
			@container (max-width: 330px) { .head .words { display: none; } dl { grid-template-columns: 1fr; }
				dd { margin-bottom: 4px; } dd.time { white-space: normal; } }
			.none { padding: 16px; text-align: center; color: var(--dim); line-height: 1.5; }
		`,
	];
	@property({ attribute: false }) store!: PanelStore;
	@property({ attribute: false }) status!: Status;
	@property({ type: Number }) seq: number | undefined;
	/** The decodings that the user has chosen, by target. */
	@property({ attribute: false }) chosen!: Map<string, Decoding>;
	@state() private detail: Detail | undefined;
	/** The message is no longer in the log. */
	@state() private gone = false;
	/** Shows the newest message of the target as it arrives, until another message is chosen. */
	@state() private following = false;
	private followed: number | undefined;
	private readonly questions = new Latest<number, Detail>(
		(seq) => this.store.remote.detail(seq),
		(detail, seq) => {
			if (seq !== this.seq) return;
			this.detail = detail;
			this.gone = false;
			this.toLatest();
			// Also for what was chosen without its time, such as by a step to the next marked message.
			if (this.seq === seq) this.store.keepSelected({ seq, time: detail.row.time });
		},
		(error, seq) => {
			if (error instanceof FailureError && error.failure.code === 'evicted') this.gone = seq === this.seq;
			else this.store.show(error);
		},
	);

	protected override willUpdate(changed: PropertyValues<this>) {
		if (this.seq === undefined) this.detail = undefined;
		else if (changed.has('seq')) {
			if (this.seq !== this.followed) this.following = false;
			this.followed = undefined;
			this.questions.want(this.seq);
		} else if (changed.has('status') && this.mayChange) this.questions.want(this.seq);
	}

	/** A receipt, answers or an outcome may still arrive, or the newest message is followed. */
	private get mayChange(): boolean {
		const { receipt, settlement } = this.detail?.row ?? {};
		if (this.following || settlement?.open) return true;
		return receipt !== undefined && (receipt.proof === 'pending' || receipt.answers !== undefined);
	}

	override connectedCallback() {
		super.connectedCallback();
		this.addEventListener('keydown', (event) => {
			if (event.key === 'Escape' && !event.defaultPrevented) this.store.closeDetail();
		});
	}

	/** The decoding that was chosen under this key, or the best one. */
	private decodingOf(key: string, decodings: readonly Decoding[]): Decoding {
		const chosen = this.chosen.get(key);
		return chosen && decodings.includes(chosen) ? chosen : (decodings[0] ?? 'hex');
	}

	private properties(properties: readonly Property[]) {
		const groups = new Map<string, Property[]>();
		for (const one of properties) groups.set(one.group ?? '', [...(groups.get(one.group ?? '') ?? []), one]);
		const line = ({ label, value, help }: Property) =>
			html`<dt title=${help ?? nothing}>${visible(label)}</dt><dd class=${isTime(value) ? 'time' : ''}>${visible(value)}</dd>`;
		return [...groups].map(
			([group, members]) => html`${group ? html`<h3>${visible(group)}</h3>` : nothing}<dl>${members.map(line)}</dl>`,
		);
	}

	private note({ row }: Detail) {
		return html`<dl><dt>Time</dt><dd class="time">${dateAndClock(row.time)}</dd></dl><p>${visible(row.preview)}</p>`;
	}

	private receipt({ proof, text, evidence, done, stoppable }: Receipt, seq: number) {
		const { store } = this;
		const stop = () => store.run(store.remote.cancel(seq));
		const progress = done === undefined ? nothing : ` · ${Math.round(done * 100)} %`;
		return html`<dt>Receipt</dt><dd class=${proofStyle[proof]}>${visible(text)}${progress}
			${evidence ? html`<span class="dim">(${visible(evidence)})</span>` : nothing}
			${
				proof === 'pending' && stoppable
					? html`<button class="tool" @click=${stop}>${icon('debug-stop')} Stop</button>`
					: nothing
			}</dd>`;
	}

	/** The request that this message answers. */
	private request(seq: number, roundTrip: number | undefined) {
		const { store } = this;
		const after = roundTrip === undefined ? '' : ` after ${duration(roundTrip)}`;
		return html`<dt>Answers</dt><dd><button class="link" @click=${() => store.showMessage(seq)}>
			${store.describe.words.message} ${number(seq)}</button>${after}</dd>`;
	}

	private facts({ row }: Detail) {
		const { receipt, answers, roundTrip, settlement } = row;
		return html`<dl><dt>${wayNames[direction(row.flags)]}</dt><dd class="time">${dateAndClock(row.time)}</dd>
			<dt>Size</dt><dd>${count(row.size, 'byte', 'bytes')}</dd>
			${receipt ? this.receipt(receipt, row.seq) : nothing}
			${settlement ? html`<dt>Outcome</dt><dd>${visible(settlement.text)}</dd>` : nothing}
			${bySeriousness(row.checkMarks ?? []).map(({ kind, reason }) => html`<dt title=${markWords[kind].help}>${markWords[kind].title}</dt><dd class=${markStyle[kind]}>${visible(reason)}</dd>`)}
			${answers === undefined ? nothing : this.request(answers, roundTrip)}</dl>`;
	}

	private answers(receipt: Receipt | undefined) {
		if (!receipt?.answers) return nothing;
		return html`<h3>${receipt.answers.length === 1 ? 'Answer' : 'Answers'}</h3>
			<mw-answers .store=${this.store} .receipt=${receipt}></mw-answers>`;
	}

	private chart({ row, numbers }: Detail) {
		if (numbers.length === 0) return nothing;
		const { received, sent } = this.status;
		return html`<div class="chart"><h3>Chart</h3><mw-chart .store=${this.store} .target=${row.target}
			.way=${direction(row.flags)} .paths=${numbers} .revision=${received + sent} .pinned=${this.store.charts.state}></mw-chart></div>`;
	}

	/** The payload and the message's further ones. The one that has a column in the log is in front, as it is there. */
	private payloads(detail: Detail) {
		const { row, parts = [], unlistedParts } = detail;
		const first = this.store.describe.partColumn?.part;
		const payload = html`<h3 class=${parts.length > 0 ? 'several' : ''}>Payload</h3>
			<mw-payload .store=${this.store} .detail=${detail} .decoding=${this.decodingOf(row.target, detail.decodings)}
				.onDecoding=${(decoding: Decoding) => this.store.keepDecoding(row.target, decoding)}></mw-payload>`;
		const part = (one: DetailPart) => {
			// A choice of a decoding holds for the same part of all messages of the target.
			const key = `${one.id}\0${row.target}`;
			return html`<h3 class="several">${visible(one.label)} <span class="size">${count(one.size, 'byte', 'bytes')}</span></h3>
				<mw-payload .store=${this.store} .detail=${detail} .further=${one} .decoding=${this.decodingOf(key, one.decodings)}
					.onDecoding=${(decoding: Decoding) => this.store.keepDecoding(key, decoding)}></mw-payload>`;
		};
		return html`${parts.filter(({ id }) => id === first).map(part)}${payload}${parts.filter(({ id }) => id !== first).map(part)}
			${unlistedParts === undefined ? nothing : html`<p class="dim">${number(unlistedParts)} more are not shown.</p>`}`;
	}

	private message(detail: Detail) {
		return html`<div class="target mono">${visible(detail.row.target)}</div>
			<div class="parts"><div>${this.facts(detail)}${this.answers(detail.row.receipt)}
				<mw-message-actions .store=${this.store} .seq=${detail.row.seq} .waiting=${detail.row.settlement?.open}></mw-message-actions>
				${this.properties(detail.properties)}</div>
			<div class="payload">${this.payloads(detail)}</div>
			${this.chart(detail)}</div>`;
	}

	/** Steps to the neighbors on the same target, and the switch that follows the newest message on it. */
	private targetButtons({ previous, next }: Detail) {
		const { target, message } = this.store.describe.words;
		const step = (name: string, label: string, seq: number | undefined) => {
			const run = () => {
				this.following = false;
				if (seq !== undefined) this.store.select(seq);
			};
			return toolButton(name, `${label} ${message} of this ${target}`, run, { disabled: seq === undefined });
		};
		const follow = () => {
			this.following = !this.following;
			this.toLatest();
		};
		return html`${step('arrow-left', 'Previous', previous)}${step('arrow-right', 'Next', next)}
			${toolButton('eye', `Follow the newest ${message} of this ${target}`, follow, { pressed: this.following })}`;
	}

	private toLatest() {
		const latest = this.detail?.latest;
		if (!this.following || latest === undefined) return;
		this.followed = latest;
		this.store.select(latest);
	}

	private againButton(detail: Detail) {
		const { store } = this;
		const label = `${store.describe.words.send} again`;
		const again = () => store.run(store.compose.again(detail));
		return html`<button class="tool" title=${`${label}: copies it to the compose form`} aria-label=${label} @click=${again}>
			${icon('redo')}<span class="words">${label}</span></button>`;
	}

	private head(detail: Detail, isNote: boolean) {
		const { store } = this;
		const seq = number(detail.row.seq);
		const title = isNote ? 'Note' : `Message ${seq}`;
		const heading = isNote ? title : html`<span class="word">Message </span><span class="number">${seq}</span>`;
		return html`<div class="head"><h2 class="grow cut" aria-label=${title} title=${title}>${heading}</h2>
			${toolButton('chevron-up', 'Previous message in the list', () => store.step(-1))}
			${toolButton('chevron-down', 'Next message in the list', () => store.step(1))}
			${isNote ? nothing : html`${this.targetButtons(detail)}${store.describe.verbs.length > 0 ? this.againButton(detail) : nothing}`}
			${toolButton('close', 'Close', () => store.closeDetail())}</div>`;
	}

	override render() {
		const { detail, gone } = this;
		const { message } = this.store.describe.words;
		const none = (text: string) => html`<div class="none">${text}</div>`;
		if (this.seq === undefined) return none(`Select a ${message} to see its payload and properties.`);
		if (!detail)
			return gone ? none('This message is no longer in the log: it was removed to make room for newer ones.') : nothing;
		const isNote = direction(detail.row.flags) === 'note';
		const notice = html`<div class="warn">This message is no longer in the log. The part that was loaded is still shown.</div>`;
		return html`${this.head(detail, isNote)}${gone ? notice : nothing}${isNote ? this.note(detail) : this.message(detail)}`;
	}
}
