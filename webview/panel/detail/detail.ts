import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { FailureError } from '../../../src/base/failure';
import { type Decoding, type Detail, direction, type Receipt } from '../../../src/model/contracts/message';
import type { Property, Status } from '../../../src/model/contracts/session';
import { emit, emitFailure } from '../../base/emit';
import { Latest } from '../../base/latest-question';
import { controls, shared } from '../../base/styles';
import { count, dateAndClock, duration, number, visible } from '../../base/words';
import { icon } from '../../controls/icons';
import './answers';
import './chart';
import type { MenuItem } from '../../controls/menu';
import { proofStyle } from '../log/log-row';
import { messageMenu } from '../tree/node-menu';
import './payload';
import type { Session } from '../session';

const ways = { in: 'Received', out: 'Sent', note: 'Note' } as const;

/** One message, whole. Says `mw-step`, `mw-select`, `mw-again` and `mw-decoding-for`. */
@customElement('mw-detail')
export class DetailPane extends LitElement {
	static override styles = [
		shared,
		controls,
		css`
			:host { display: block; overflow: auto; padding: 0 8px 8px; min-height: 0; min-width: 0; position: relative; overflow-anchor: none; }
			.head { display: flex; align-items: center; gap: 4px; min-height: 34px; position: sticky; left: 0; }
			h2 { margin: 0; font-size: 1em; font-weight: 600; }
			h3 { margin: 6px 0 2px; font-size: 0.92em; font-weight: 600; color: var(--dim); }
			.target { overflow-wrap: anywhere; font-weight: 600; margin-bottom: 4px; user-select: text; }
			dl + dl { margin-top: 2px; }
			dl { display: grid; grid-template-columns: minmax(0, 15ch) 1fr; gap: 2px 12px; margin: 0; }
			dt { color: var(--dim); overflow-wrap: anywhere; }
			dd { margin: 0; overflow-wrap: anywhere; user-select: text; }
			:host { container-type: inline-size; }
			/* With room, the payload stands beside what is known about it. */
			@container (min-width: 560px) {
				.parts { display: grid; grid-template-columns: minmax(0, 3fr) minmax(260px, 2fr); gap: 0 24px; }
				.parts dl { grid-template-columns: minmax(0, 13ch) 1fr; }
				.parts > .payload { grid-column: 1; grid-row: 1 / span 2; }
				.parts > .payload > h3 { display: none; }
			}
			@container (max-width: 420px) { h2 .word { display: none; } h2 .number::before { content: '#'; } }
			@container (max-width: 330px) { .head .words { display: none; } }
			.fitting { display: flex; flex-wrap: wrap; gap: 2px; margin: 4px 0 4px -3px; }
			.none { padding: 16px; text-align: center; color: var(--dim); line-height: 1.5; }
		`,
	];
	@property({ attribute: false }) session!: Session;
	@property({ attribute: false }) status!: Status;
	@property({ type: Number }) seq: number | undefined;
	/** The decodings that the user has chosen, by target. */
	@property({ attribute: false }) chosen!: Map<string, Decoding>;
	@state() private detail: Detail | undefined;
	@state() private gone = false;
	/** Goes on to the newest message of the target as it comes; any other choice ends it. */
	@state() private following = false;
	private followed: number | undefined;
	/** The protocol's actions that fit this message. */
	@state() private fitting: MenuItem[] = [];
	private readonly questions = new Latest<number, Detail>(
		(seq) => this.session.remote.detail(seq),
		(detail, seq) => {
			if (seq !== this.seq) return;
			this.detail = detail;
			this.gone = false;
			this.toLatest();
		},
		(error, seq) => {
			if (error instanceof FailureError && error.failure.code === 'evicted') this.gone = seq === this.seq;
			else emitFailure(this, error);
		},
	);

	protected override willUpdate(changed: PropertyValues<this>) {
		if (this.seq === undefined) this.fitting = [];
		else if (changed.has('seq')) {
			if (this.seq !== this.followed) this.following = false;
			this.followed = undefined;
			this.questions.want(this.seq);
			void this.fit(this.seq);
		} else if (changed.has('status') && this.mayChange) this.questions.want(this.seq);
		if (this.seq === undefined) this.detail = undefined;
	}

	/** A receipt that is awaited, or answers that may still come. */
	private get mayChange(): boolean {
		const receipt = this.detail?.row.receipt;
		return this.following || (receipt !== undefined && (receipt.proof === 'pending' || receipt.answers !== undefined));
	}

	private async fit(seq: number) {
		const items = await messageMenu(this, this.session, [seq]).catch(() => []);
		if (seq === this.seq) this.fitting = items;
	}

	override connectedCallback() {
		super.connectedCallback();
		this.addEventListener('keydown', (event) => {
			if (event.key === 'Escape' && !event.defaultPrevented) emit(this, 'mw-close-detail');
		});
	}

	private get decoding(): Decoding {
		const detail = this.detail as Detail;
		const chosen = this.chosen.get(detail.row.target);
		return chosen && detail.decodings.includes(chosen) ? chosen : (detail.decodings[0] ?? 'hex');
	}

	private properties(properties: readonly Property[]) {
		const groups = new Map<string, Property[]>();
		for (const one of properties) groups.set(one.group ?? '', [...(groups.get(one.group ?? '') ?? []), one]);
		return [...groups].map(
			([group, members]) =>
				html`${group ? html`<h3>${visible(group)}</h3>` : nothing}<dl>${members.map(
					(one) => html`<dt title=${one.help ?? nothing}>${visible(one.label)}</dt><dd>${visible(one.value)}</dd>`,
				)}</dl>`,
		);
	}

	private note(detail: Detail) {
		return html`<dl><dt>Time</dt><dd>${dateAndClock(detail.row.time)}</dd></dl><p>${visible(detail.row.preview)}</p>`;
	}

	private receipt({ proof, text, evidence, done, stoppable }: Receipt, seq: number) {
		const stop = () => this.session.remote.cancel(seq).catch((error) => emitFailure(this, error));
		return html`<dt>Receipt</dt><dd class=${proofStyle(proof)}>${visible(text)}${done === undefined ? nothing : ` · ${Math.round(done * 100)} %`}${evidence ? html` <span class="dim">(${visible(evidence)})</span>` : nothing}
			${proof === 'pending' && stoppable ? html` <button class="tool" @click=${stop}>${icon('debug-stop')} Stop</button>` : nothing}</dd>`;
	}

	private request(seq: number, roundTrip: number | undefined) {
		return html`<dt>Answers</dt><dd><button class="link" @click=${() => emit(this, 'mw-show', seq)}>${this.session.describe.words.message} ${number(seq)}</button>${roundTrip === undefined ? nothing : html` after ${duration(roundTrip)}`}</dd>`;
	}

	private message(detail: Detail) {
		const { row } = detail;
		const { receipt } = row;
		return html`<div class="target mono">${visible(row.target)}</div>
			<div class="parts"><div><dl><dt>${ways[direction(row.flags)]}</dt><dd>${dateAndClock(row.time)}</dd>
			<dt>Size</dt><dd>${count(row.size, 'byte', 'bytes')}</dd>
			${receipt ? this.receipt(receipt, row.seq) : nothing}${row.answers === undefined ? nothing : this.request(row.answers, row.roundTrip)}</dl>
			${receipt?.answers ? html`<h3>${receipt.answers.length === 1 ? 'Answer' : 'Answers'}</h3><mw-answers .session=${this.session} .receipt=${receipt}></mw-answers>` : nothing}
			${this.fitting.length > 0 ? html`<div class="fitting">${this.fitting.map((item) => html`<button class="tool" title=${item.hint ?? nothing} @click=${item.run}>${item.icon ?? nothing} ${item.label}</button>`)}</div>` : nothing}
			${this.properties(detail.properties)}</div>
			<div class="payload"><h3>Payload</h3>
			<mw-payload .session=${this.session} .detail=${detail} .decoding=${this.decoding}
				@mw-decoding=${(event: CustomEvent<Decoding>) => emit(this, 'mw-decoding-for', { target: row.target, decoding: event.detail })}></mw-payload></div>
			${detail.numbers.length > 0 ? html`<div class="chart"><h3>Chart</h3><mw-chart .session=${this.session} .seq=${row.seq} .paths=${detail.numbers} .revision=${this.status.received + this.status.sent}></mw-chart></div>` : nothing}</div>`;
	}

	/** Steps on this target, and a switch that goes on to whatever is newest on it. */
	private onTarget({ previous, next }: Detail) {
		const { target, message } = this.session.describe.words;
		const step = (name: string, words: string, seq: number | undefined) =>
			html`<button class="tool" title=${words} aria-label=${words} ?disabled=${seq === undefined} @click=${() => {
				this.following = false;
				emit(this, 'mw-select', { seq });
			}}>${icon(name)}</button>`;
		const follow = `Follow the newest ${message} of this ${target}`;
		return html`${step('arrow-left', `Previous ${message} of this ${target}`, previous)}${step('arrow-right', `Next ${message} of this ${target}`, next)}
			<button class="tool" aria-pressed=${this.following} title=${follow} aria-label=${follow} @click=${() => {
				this.following = !this.following;
				this.toLatest();
			}}>${icon('fold-down')}</button>`;
	}

	private toLatest() {
		const latest = this.detail?.latest;
		if (!this.following || latest === undefined) return;
		this.followed = latest;
		emit(this, 'mw-select', { seq: latest });
	}

	override render() {
		const { detail } = this;
		if (this.seq === undefined)
			return html`<div class="none">Choose a ${this.session.describe.words.message} to see its payload and properties.</div>`;
		if (!detail)
			return this.gone
				? html`<div class="none">The log has forgotten this message to make room for newer ones.</div>`
				: nothing;
		const isNote = direction(detail.row.flags) === 'note';
		const title = isNote ? 'Note' : `Message ${number(detail.row.seq)}`;
		const again = `${this.session.describe.words.send} again`;
		const tool = (name: string, words: string, run: () => unknown, disabled = false) =>
			html`<button class="tool" title=${words} aria-label=${words} ?disabled=${disabled} @click=${run}>${icon(name)}</button>`;
		return html`<div class="head"><h2 class="grow cut" aria-label=${title} title=${title}>${isNote ? title : html`<span class="word">Message </span><span class="number">${number(detail.row.seq)}</span>`}</h2>
				${tool('chevron-up', 'Previous message in the list', () => emit(this, 'mw-step', -1))}
				${tool('chevron-down', 'Next message in the list', () => emit(this, 'mw-step', 1))}
				${isNote ? nothing : this.onTarget(detail)}
				${isNote ? nothing : html`<button class="tool" title=${`${again}: put it into the compose form`} aria-label=${again} @click=${() => emit(this, 'mw-again', detail)}>${icon('redo')}<span class="words">${again}</span></button>`}
				${tool('close', 'Close the detail', () => emit(this, 'mw-close-detail'))}</div>
			${this.gone ? html`<div class="warn">The log has forgotten this message; what is shown is all that is left of it.</div>` : nothing}
			${isNote ? this.note(detail) : this.message(detail)}`;
	}
}
