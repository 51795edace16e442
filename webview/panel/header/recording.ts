import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { RecordingCommand } from '../../../src/model/contracts/panel-api';
import type { HistoryState, RecordingState, Status } from '../../../src/model/contracts/session';
import { controls, shared } from '../../base/styles';
import { bytes, count, stopwatch } from '../../base/words';
import { icon } from '../../controls/icons';
import { toolButton } from '../../controls/tool-button';
import type { PanelStore } from '../store';

/** Starts and stops recording the connection, and shows how much was recorded. A narrow header has no numbers. */
@customElement('mw-recording')
export class Recording extends LitElement {
	static override styles = [
		shared,
		controls,
		css`
			:host { display: flex; align-items: center; gap: 2px; }
			.row { gap: 5px; padding-inline: 4px 2px; white-space: nowrap; font-variant-numeric: tabular-nums; }
			.dot { flex: none; width: 9px; height: 9px; border-radius: 50%; background: var(--vscode-charts-red, var(--bad)); forced-color-adjust: none; }
			.problem { max-width: 30ch; }
			@container (max-width: 700px) { .size { display: none; } }
			@container (max-width: 560px) { .words { display: none; } }
		`,
	];
	@property({ attribute: false }) store!: PanelStore;
	@property({ attribute: false }) status!: Status;
	@state() private now = Date.now();
	private ticker: ReturnType<typeof setInterval> | undefined;

	override disconnectedCallback() {
		super.disconnectedCallback();
		this.tick(false);
	}

	protected override willUpdate(changed: PropertyValues<this>) {
		if (!changed.has('status')) return;
		this.now = Date.now();
		const { recording } = this.status;
		this.tick(recording !== undefined && recording.problem === undefined);
	}

	/** The time goes on while nothing arrives. */
	private tick(isRunning: boolean) {
		if (isRunning === (this.ticker !== undefined)) return;
		clearInterval(this.ticker);
		this.ticker = isRunning
			? setInterval(() => {
					if (!document.hidden) this.now = Date.now();
				}, 1000)
			: undefined;
	}

	private run(command: RecordingCommand) {
		const { store } = this;
		store.run(store.remote.recording(command));
	}

	private running({ path, since, messages, bytes: size }: RecordingState) {
		const { words } = this.store.describe;
		const title = `Recording into ${path}`;
		return html`<span class="row" role="timer" aria-label="Recording" title=${title}><span class="dot"></span><span
				class="words">${stopwatch(this.now - since)} · ${count(messages, words.message, words.messages)}<span
				class="size"> · ${bytes(size)}</span></span></span>
			${toolButton('debug-stop', 'Stop Recording', () => this.run('stop'))}`;
	}

	private ended(problem: string) {
		return html`<span class="row warn" role="alert" title=${problem}>${icon('warning')}<span
				class="words cut problem">Recording ended early</span><span class="hidden-text">${problem}</span></span>
			${toolButton('close', 'Dismiss', () => this.run('stop'))}`;
	}

	private history({ bytes: size, problem }: HistoryState) {
		const title = problem ?? `Open History: ${bytes(size)} are recorded`;
		return html`<button class=${problem === undefined ? 'tool' : 'tool warn'} title=${title} aria-label="Open History"
			aria-description=${problem ?? nothing} @click=${() => this.run('history')}>${icon('history')}</button>`;
	}

	override render() {
		const { recording, history } = this.status;
		const start = () => toolButton('record', 'Start Recording', () => this.run('start'));
		return html`${history ? this.history(history) : nothing}${
			!recording ? start() : recording.problem === undefined ? this.running(recording) : this.ended(recording.problem)
		}`;
	}
}
