import { type Failure, toFailure } from '../../src/base/failure';
import type { Remote } from '../../src/base/rpc';
import type { MarkKind } from '../../src/model/checks/mark';
import type { Decoding } from '../../src/model/contracts/message';
import type { PanelApi, PanelInit, PanelProfile, Start } from '../../src/model/contracts/panel-api';
import type { Status } from '../../src/model/contracts/session';
import type { Subscription } from '../../src/model/profile/profile';
import type { Mode, ProtocolDescription } from '../../src/protocols/description';
import { ChartStore } from './charts/chart-store';
import { ComposeStore } from './compose/compose-store';
import { SubscriptionColors } from './header/subscription-colors';
import { Pins } from './pins/pins';
import { type FilterState, limits, type Place, restore, type Saved, SaveTimer } from './saved';
import type { ActOn, PanelViews, PanelWidth } from './views';

export const isOpen = ({ state }: Status): boolean => state.kind === 'open';

/** The connection exists or is being established, so the button offers to end it. */
export const isAlive = ({ state }: Status): boolean => state.kind !== 'closed' && state.kind !== 'closing';

/** Whether there is more than a single target to tell messages apart by. */
export const hasTargets = ({ browse, separator }: ProtocolDescription, { topics }: Status): boolean =>
	browse !== undefined || separator !== undefined || topics > 1;

/**
 * The state that the parts of the panel share, and the operations on it. Each change draws the panel again, which hands
 * the changed values to its parts.
 */
export class PanelStore {
	status: Status;
	profile: PanelProfile;
	saved: Saved;
	width: PanelWidth = 'wide';
	/** The message in the detail, by `seq`. */
	selected: number | undefined;
	/** The last failure, until the user dismisses it. */
	failure: Failure | undefined;
	/** The connection was open before the window was reloaded, which ended it and its log. */
	ended: boolean;
	/** What was recorded until then. */
	readonly recorded: PanelInit['recorded'];
	readonly pins = new Pins(this);
	readonly colors = new SubscriptionColors(this);
	readonly charts = new ChartStore(this);
	readonly compose = new ComposeStore(this);
	private readonly timer = new SaveTimer(() => void this.remote.save(this.saved).catch((error) => this.show(error)));

	/** It shows a recording: nothing can be sent or changed. */
	readonly recording: boolean;

	constructor(
		readonly describe: ProtocolDescription,
		readonly remote: Remote<PanelApi>,
		readonly views: PanelViews,
		{ profile, status, saved, ended = false, recorded, recording }: PanelInit,
	) {
		this.recording = recording !== undefined;
		this.ended = ended;
		this.recorded = recorded;
		this.profile = profile;
		this.status = status;
		this.saved = restore(saved);
		// A recording is read from its start.
		if (this.recording && saved === undefined) this.saved.follow = false;
		this.colors.assign();
		if (this.saved.selected) void this.restoreSelected(this.saved.selected);
	}

	set(change: Partial<Pick<PanelStore, 'status' | 'profile' | 'width' | 'selected' | 'failure'>>): void {
		Object.assign(this, change);
		if (isAlive(this.status)) this.ended = false;
		if (change.status) this.colors.assign();
		this.views.requestUpdate();
	}

	/** Shows a failure in the panel's error bar, except that the user cancelled. */
	show(error: unknown): void {
		const failure = toFailure(error);
		if (failure.code !== 'cancelled') this.set({ failure });
	}

	/** Waits for what the user has asked of the host and shows its failure. A success removes the failure of an earlier call. */
	run(call: Promise<unknown>): void {
		const { failure } = this;
		call.then(
			() => failure && this.failure === failure && this.set({ failure: undefined }),
			(error) => this.show(error),
		);
	}

	/** Lets the user choose a file and resolves with its bytes; a failure is shown. */
	readonly pickBytes = async (): Promise<Uint8Array | undefined> => {
		try {
			return await this.remote.pickBytes();
		} catch (error) {
			this.show(error);
			return undefined;
		}
	};

	/** Changes the state that outlives the page. */
	keep(change: Partial<Saved>): void {
		this.saved = { ...this.saved, ...change };
		this.timer.start();
		this.views.requestUpdate();
	}

	layout(change: Partial<Saved['layout']>): void {
		this.keep({ layout: { ...this.saved.layout, ...change } });
	}

	subscribe(subscription: Subscription): void {
		this.run(this.remote.subscribe(subscription));
	}

	unsubscribe(subscription: Subscription): void {
		this.run(this.remote.unsubscribe(subscription));
	}

	/** Starts an action, after its form if it has fields. */
	act(on: ActOn): void {
		void this.views.actions?.start(on);
	}

	/** Shows a view in place of the log. */
	openView(view: 'graph'): void {
		this.keep({ view, layout: { ...this.saved.layout, tab: 'messages' } });
	}

	closeView(): void {
		this.keep({ view: undefined });
		void this.views.updateComplete.then(() => this.views.log?.focus());
	}

	/** Selects a node of the browse tree by the ids on the path to it. */
	selectNode(path: string[]): void {
		void this.views.tree?.selectNode(path);
	}

	/** Shows the fields of a mode, then receives. */
	receive(subscription: Subscription, mode: Mode): void {
		const { id, label, icon, fields = [], sideEffect } = mode;
		this.act({
			action: { id, label, icon, fields, sideEffect, group: mode.intrusive ? 'remove' : 'read', on: {} },
			node: { id: '', name: subscription.target },
			run: (values) => this.remote.subscribe({ ...subscription, ...values }),
		});
	}

	/** Starts what was chosen in the sidebar. */
	async start(what: Start): Promise<void> {
		await this.views.updateComplete;
		const { actions = [], subscription } = this.describe;
		if (what.kind === 'action') {
			const action = actions.find(({ id }) => id === what.action);
			if (action) this.act({ action, ...(what.node ? { node: what.node } : {}) });
			return;
		}
		const mode = subscription?.modes?.find(({ id }) => id === what.mode);
		if (mode) this.receive({ ...what.subscription, mode: mode.id }, mode);
	}

	filterTarget(target: FilterState['target']): void {
		this.keep({ filter: { ...this.saved.filter, target } });
	}

	/** Shows only messages with one of these marks; undefined: all. */
	filterMarked(marked: MarkKind[] | undefined): void {
		const { marked: _, ...rest } = this.saved.filter;
		this.keep({ filter: marked ? { ...rest, marked } : rest });
	}

	/** Keys of the expanded nodes of the browse tree. */
	keepBrowsed(browsed: string[]): void {
		this.keep({ tree: { ...this.saved.tree, browsed: browsed.slice(0, limits.expanded) } });
	}

	/** The row at the top of the log. Does not draw the panel again: it follows every scroll. */
	keepAnchor(anchor: Place): void {
		this.saved.anchor = anchor;
		this.timer.start();
	}

	keepDecoding(target: string, decoding: Decoding): void {
		const others = this.saved.decodings.filter(([one]) => one !== target);
		const decodings: Saved['decodings'] = [...others, [target, decoding]];
		this.keep({ decodings: decodings.slice(-limits.decodings) });
	}

	/** Shows a message in the detail. With its time the choice is restored when the panel is opened again. */
	select(seq: number, time?: number): void {
		this.saved.selected = time === undefined ? undefined : { seq, time };
		this.timer.start();
		this.set({ selected: seq });
	}

	/** The message of the detail, to be restored when the panel is opened again. Does not draw the panel again. */
	keepSelected(place: Place): void {
		this.saved.selected = place;
		this.timer.start();
	}

	closeDetail(): void {
		this.selected = undefined;
		this.keep({ selected: undefined });
		this.views.log?.focus();
	}

	/** In a narrow panel, brings the detail to the front. */
	openDetail(): void {
		if (this.width === 'narrow') this.layout({ tab: 'detail' });
	}

	/** Selects the next or previous message of the log. */
	step(by: -1 | 1): void {
		this.views.log?.step(by);
	}

	/** Shows the result of a command below the log. False if the log is hidden. */
	say(text: string): boolean {
		return this.views.log?.say(text) ?? false;
	}

	/** Shows a message in the detail, and in the log if the filter includes it. */
	showMessage(seq: number): void {
		this.select(seq);
		void this.views.log?.showSeq(seq);
		this.openDetail();
	}

	/** Selects the message of an earlier page, if this session has it: another session reuses the numbers. */
	private async restoreSelected({ seq, time }: Place): Promise<void> {
		const detail = await this.remote.detail(seq).catch(() => undefined);
		if (detail?.row.time === time) this.set({ selected: this.selected ?? seq });
	}

	/** Brings the compose form to the front and focuses its target, or its payload. */
	async showCompose(payload = false): Promise<void> {
		this.layout({ composeOpen: true, ...(this.width === 'narrow' ? { tab: 'compose' as const } : {}) });
		await this.views.updateComplete;
		await this.views.compose?.updateComplete;
		this.views.compose?.focusTarget(payload);
	}
}
