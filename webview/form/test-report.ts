import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Failure } from '../../src/base/failure';
import type { ConnectStep, TestReport } from '../../src/model/contracts/session';
import { describe } from '../../src/protocols/descriptions';
import '../base/failure-note';
import { controls, shared } from '../base/styles';
import { number, visible } from '../base/words';
import { icon } from '../controls/icons';
import './certificate-chain';

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
			.certificates { margin: 8px 0 8px 24px; }
			.certificates .row { flex-wrap: wrap; }
		`,
	];
	@property({ attribute: false }) report: TestReport | 'running' | undefined;
	onCancel: () => void = () => {};
	/** Trusts the certificate that was refused, after a question of the host. Unset if the protocol cannot. */
	@property({ attribute: false }) onTrust: (() => void) | undefined;
	onCopy: (text: string) => void = () => {};
	/** Switches the profile to the protocol that the peer speaks. */
	onSwitch: (protocol: string) => void = () => {};

	/** The chain of a refused certificate, and what can be done about it. */
	private certificates(failure: Failure) {
		const { certificates = [], message, evidence } = failure;
		if (certificates.length === 0) return nothing;
		const lines = certificates.map(({ subject, fingerprint, problem }) =>
			[subject, problem, `SHA-256 ${fingerprint}`].filter(Boolean).join(', '),
		);
		const copy = () => this.onCopy([message, evidence ?? '', ...lines].join('\n'));
		const trust = this.onTrust;
		return html`<div class="certificates"><mw-certificate-chain .certificates=${certificates}></mw-certificate-chain>
			<div class="row">${trust ? html`<vscode-button @click=${() => trust()}>Trust This Certificate…</vscode-button>` : nothing}
				<vscode-button appearance="secondary" @click=${copy}>Copy</vscode-button></div></div>`;
	}

	private switchTo({ otherProtocol }: Failure) {
		const other = otherProtocol === undefined ? undefined : describe(otherProtocol);
		return other && { label: other.label, run: () => this.onSwitch(other.id) };
	}

	private step({ step, ms, detail, failure }: TestReport['steps'][number]) {
		const mark = failure
			? html`<span class="bad">${icon('close', 'failed')}</span>`
			: html`<span class="good">${icon('check', 'good')}</span>`;
		return html`<li><div class="step">${mark}<span>${stepNames[step]}</span><span class="dim">${number(ms)} ms</span>
				<span class="dim cut">${visible(detail ?? '')}</span></div>
			${failure ? html`<mw-failure-note .failure=${failure} .switchTo=${this.switchTo(failure)}></mw-failure-note>${this.certificates(failure)}` : nothing}</li>`;
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
			${security?.pinned ? html`<p class="dim">${icon('pinned')} The certificate is the one that is trusted for this connection.</p>` : nothing}
			${unchecked ? html`<p class="warn">${icon('warning')} The certificate was not checked.</p>` : nothing}
			${report.facts.map(
				({ label, value }) => html`<div><span class="dim">${visible(label)}:</span> ${visible(value)}</div>`,
			)}</div>`;
	}
}
