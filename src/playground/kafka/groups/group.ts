import { errors, KafkaError } from '../errors';

export interface MemberInput {
	memberId: string;
	groupInstanceId: string | null;
	clientId: string;
	clientHost: string;
	sessionTimeoutMs: number;
	rebalanceTimeoutMs: number;
	protocolType: string;
	protocols: { name: string; metadata: Buffer }[];
}

export interface Member extends MemberInput {
	assignment: Buffer;
	/** Answers the request to join or for the assignment that waits. */
	joined?: (result: Joined) => void;
	synced?: (result: Synced) => void;
	timer?: NodeJS.Timeout;
}

export interface Joined {
	errorCode: number;
	generationId?: number;
	protocolType?: string;
	protocolName?: string;
	leader?: string;
	memberId: string;
	members?: { memberId: string; groupInstanceId: string | null; metadata: Buffer }[];
}

export interface Synced {
	errorCode: number;
	assignment?: Buffer;
}

export interface Committed {
	offset: bigint;
	leaderEpoch: number;
	metadata: string | null;
}

export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable';

/** A consumer group of the classic protocol. */
export class Group {
	state: GroupState = 'Empty';
	generation = 0;
	protocolType = '';
	protocolName = '';
	leader = '';
	readonly members = new Map<string, Member>();
	/** By topic, then partition. */
	readonly offsets = new Map<string, Map<number, Committed>>();
	private rebalanceTimer?: NodeJS.Timeout;

	constructor(readonly id: string) {}

	/** Resolves when all members have joined, or the ones that did not are removed. */
	join(input: MemberInput, memberId: string): Promise<Joined> {
		if (this.members.size > 0 && input.protocolType !== this.protocolType)
			return refused(errors.inconsistentGroupProtocol);
		const others = [...this.members.values()].filter((one) => one.memberId !== memberId);
		const shared = input.protocols.some(({ name }) =>
			others.every((other) => other.protocols.some((one) => one.name === name)),
		);
		if (!shared) return refused(errors.inconsistentGroupProtocol);
		const existing = this.members.get(memberId);
		const isSame = existing !== undefined && sameProtocols(existing, input);
		const member: Member = existing ?? { ...input, memberId, assignment: Buffer.alloc(0) };
		Object.assign(member, { ...input, memberId });
		this.members.set(memberId, member);
		this.protocolType = input.protocolType;
		if (isSame && this.state === 'Stable' && this.leader !== memberId) {
			this.restartTimer(member);
			return Promise.resolve(this.joinedOf(member));
		}
		if (isSame && this.state === 'CompletingRebalance') return Promise.resolve(this.joinedOf(member));
		clearTimeout(member.timer);
		member.joined?.({ errorCode: errors.unknownMemberId, memberId });
		return new Promise((resolve) => {
			member.joined = resolve;
			this.rebalance();
		});

		function refused(errorCode: number): Promise<Joined> {
			return Promise.resolve({ errorCode, memberId });
		}
	}

	/** Resolves with the assignment of the member as soon as the leader has sent them all. */
	sync(memberId: string, generation: number, assignments: { memberId: string; assignment: Buffer }[]): Promise<Synced> {
		const member = this.check(memberId, generation);
		if (this.state === 'PreparingRebalance') return Promise.resolve({ errorCode: errors.rebalanceInProgress });
		if (this.state === 'Stable') return Promise.resolve({ errorCode: errors.none, assignment: member.assignment });
		return new Promise((resolve) => {
			member.synced = resolve;
			clearTimeout(member.timer);
			if (memberId !== this.leader) return;
			this.state = 'Stable';
			for (const one of this.members.values()) {
				one.assignment = assignments.find((other) => other.memberId === one.memberId)?.assignment ?? Buffer.alloc(0);
				one.synced?.({ errorCode: errors.none, assignment: one.assignment });
				one.synced = undefined;
				this.restartTimer(one);
			}
		});
	}

	/** Error code of the answer. */
	heartbeat(memberId: string, generation: number): number {
		this.restartTimer(this.check(memberId, generation));
		return this.state === 'PreparingRebalance' ? errors.rebalanceInProgress : errors.none;
	}

	leave(memberId: string): void {
		const member = this.members.get(memberId);
		if (!member) throw new KafkaError(errors.unknownMemberId, 'The group does not have this member.');
		this.remove(member);
		this.rebalance();
	}

	/** Throws unless the member belongs to the current generation. */
	check(memberId: string, generation: number): Member {
		const member = this.members.get(memberId);
		if (!member) throw new KafkaError(errors.unknownMemberId, 'The group does not have this member.');
		if (generation !== this.generation) throw new KafkaError(errors.illegalGeneration, 'The group has rebalanced.');
		return member;
	}

	/** Ends all timers and requests that wait. */
	close(): void {
		for (const member of [...this.members.values()]) this.remove(member);
		clearTimeout(this.rebalanceTimer);
	}

	metadataOf(member: Member): Buffer {
		return member.protocols.find(({ name }) => name === this.protocolName)?.metadata ?? Buffer.alloc(0);
	}

	private remove(member: Member): void {
		clearTimeout(member.timer);
		this.members.delete(member.memberId);
		member.joined?.({ errorCode: errors.unknownMemberId, memberId: member.memberId });
		member.synced?.({ errorCode: errors.unknownMemberId });
	}

	private restartTimer(member: Member): void {
		clearTimeout(member.timer);
		member.timer = setTimeout(() => {
			this.remove(member);
			this.rebalance();
		}, member.sessionTimeoutMs);
		member.timer.unref();
	}

	/** Waits for all members to join again, up to the longest of their rebalance timeouts. */
	private rebalance(): void {
		if (this.state !== 'PreparingRebalance') {
			this.state = 'PreparingRebalance';
			for (const member of this.members.values()) {
				member.synced?.({ errorCode: errors.rebalanceInProgress });
				member.synced = undefined;
				if (!member.joined) this.restartTimer(member);
			}
			const longest = Math.max(0, ...[...this.members.values()].map((one) => one.rebalanceTimeoutMs));
			clearTimeout(this.rebalanceTimer);
			this.rebalanceTimer = setTimeout(() => this.complete(), longest);
			this.rebalanceTimer.unref();
		}
		if ([...this.members.values()].every(({ joined }) => joined)) this.complete();
	}

	private complete(): void {
		clearTimeout(this.rebalanceTimer);
		for (const member of [...this.members.values()]) if (!member.joined) this.remove(member);
		this.generation++;
		if (!this.members.has(this.leader)) this.leader = this.members.keys().next().value ?? '';
		const leader = this.members.get(this.leader);
		if (!leader) {
			this.state = 'Empty';
			this.protocolName = '';
			return;
		}
		const all = [...this.members.values()];
		this.protocolName =
			leader.protocols.find(({ name }) => all.every((one) => one.protocols.some((other) => other.name === name)))
				?.name ?? '';
		this.state = 'CompletingRebalance';
		for (const member of all) {
			member.joined?.(this.joinedOf(member));
			member.joined = undefined;
			this.restartTimer(member);
		}
	}

	private joinedOf(member: Member): Joined {
		const members = [...this.members.values()].map((one) => ({
			memberId: one.memberId,
			groupInstanceId: one.groupInstanceId,
			metadata: this.metadataOf(one),
		}));
		return {
			errorCode: errors.none,
			generationId: this.generation,
			protocolType: this.protocolType,
			protocolName: this.protocolName,
			leader: this.leader,
			memberId: member.memberId,
			members: member.memberId === this.leader ? members : [],
		};
	}
}

function sameProtocols(one: MemberInput, other: MemberInput): boolean {
	return (
		one.protocols.length === other.protocols.length &&
		one.protocols.every(({ name, metadata }, index) => {
			const second = other.protocols[index];
			return second?.name === name && second.metadata.equals(metadata);
		})
	);
}
