import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ConnectStep, TestReport } from '../../src/model/contracts/session';
import '../base/failure-note';
import { controls, shared } from '../base/styles';
import { number, visible } from '../base/words';
import { icon } from '../controls/icons';

const stepNames: Record<ConnectStep, string> = {
	lookup: 'Name lookup',
	tcp: 'TCP connection',
	tls: 'TLS',
	handshake: 'Handshake',
	login: 'Login',
};

/** The result of a connection test, step by step. */
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
	onCancel: () => void = () => {};

	private step({ step, ms, detail, failure }: TestReport['steps'][number]) {
		const mark = failure
			? html`<span class="bad">${icon('close', 'failed')}</span>`
			: html`<span class="good">${icon('check', 'good')}</span>`;
		return html`<li><div class="step">${mark}<span>${stepNames[step]}</span><span class="dim">${number(ms)} ms</span>
				<span class="dim cut">${visible(detail ?? '')}</span></div>
			${failure ? html`<mw-failure-note .failure=${failure}></mw-failure-note>` : nothing}</li>`;
	}

	override render() {
		const { report } = this;
		if (!report) return nothing;
		if (report === 'running')
			return html`<div class="running" role="status"><vscode-progress-ring></vscode-progress-ring>Testing…
				<vscode-button appearance="secondary" @click=${() => this.onCancel()}>Cancel Test</vscode-button></div>`;
		const { security } = report;
		const unchecked = security?.encrypted && !security.verified;
		return html`<div role="status"><ol>${report.steps.map((one) => this.step(one))}</ol>
			${report.ok ? html`<p class="good">The connection works.</p>` : nothing}
			${unchecked ? html`<p class="warn">${icon('warning')} The certificate was not checked.</p>` : nothing}
			${report.facts.map(
				({ label, value }) => html`<div><span class="dim">${visible(label)}:</span> ${visible(value)}</div>`,
			)}</div>`;
	}
}
