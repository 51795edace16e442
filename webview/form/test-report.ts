import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ConnectStep, TestReport } from '../../src/model/contracts/session';
import { emit } from '../base/emit';
import '../base/failure-note';
import { controls, shared } from '../base/styles';
import { number, visible } from '../base/words';
import { icon } from '../controls/icons';

const stepWords: Record<ConnectStep, string> = {
	lookup: 'Name lookup',
	tcp: 'TCP connection',
	tls: 'TLS',
	handshake: 'Handshake',
	login: 'Login',
};

/** What an attempt showed, step by step. Says `mw-cancel-test`. */
@customElement('mw-test-report')
export class TestReportView extends LitElement {
	static override styles = [
		shared,
		controls,
		css`
			:host { display: block; }
			.running { display: flex; align-items: center; gap: 10px; }
			ol { margin: 0; padding: 0; list-style: none; }
			li { padding: 2px 0; }
			.step { display: flex; gap: 8px; align-items: baseline; }
			.step > span:not(.cut) { flex: none; }
			.step .icon { align-self: center; }
			mw-failure-note { margin: 4px 0 4px 24px; }
			p { margin: 6px 0; }
		`,
	];
	@property({ attribute: false }) report: TestReport | 'running' | undefined;

	override render() {
		const { report } = this;
		if (!report) return nothing;
		if (report === 'running')
			return html`<div class="running" role="status"><vscode-progress-ring></vscode-progress-ring>Testing…
				<vscode-button appearance="secondary" @click=${() => emit(this, 'mw-cancel-test')}>Cancel the test</vscode-button></div>`;
		const { security } = report;
		return html`<div role="status"><ol>${report.steps.map(
			({
				step,
				ms,
				detail,
				failure,
			}) => html`<li><div class="step"><span class=${failure ? 'bad' : 'good'}>${icon(failure ? 'close' : 'check', failure ? 'failed' : 'good')}</span>
				<span>${stepWords[step]}</span><span class="dim">${number(ms)} ms</span><span class="dim cut">${visible(detail ?? '')}</span></div>
				${failure ? html`<mw-failure-note .failure=${failure}></mw-failure-note>` : nothing}</li>`,
		)}</ol>
			${report.ok ? html`<p class="good">The connection works.</p>` : nothing}
			${security?.encrypted && !security.verified ? html`<p class="warn">${icon('warning')} The certificate was not checked.</p>` : nothing}
			${report.facts.map((fact) => html`<div><span class="dim">${visible(fact.label)}:</span> ${visible(fact.value)}</div>`)}</div>`;
	}
}
