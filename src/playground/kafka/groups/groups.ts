import { errors, KafkaError } from '../errors';
import type { Limits } from '../limits';
import { Group } from './group';

/** The consumer groups of a cluster. */
export class Groups {
	private readonly byId = new Map<string, Group>();

	constructor(private readonly limits: Limits) {}

	get(id: string): Group | undefined {
		return this.byId.get(id);
	}

	list(): Group[] {
		return [...this.byId.values()];
	}

	getOrCreate(id: string): Group {
		const existing = this.byId.get(id);
		if (existing) return existing;
		if (id === '') throw new KafkaError(errors.invalidGroupId, 'The group has no name.');
		if (this.byId.size >= this.limits.groups)
			throw new KafkaError(errors.groupMaxSizeReached, `At most ${this.limits.groups} groups.`);
		const group = new Group(id);
		this.byId.set(id, group);
		return group;
	}

	delete(id: string): void {
		const group = this.byId.get(id);
		if (!group) throw new KafkaError(errors.groupIdNotFound, 'The group does not exist.');
		if (group.state !== 'Empty') throw new KafkaError(errors.nonEmptyGroup, 'The group has members.');
		this.byId.delete(id);
	}

	/** Removes the committed offsets of a topic that was deleted. */
	forgetTopic(name: string): void {
		for (const group of this.byId.values()) group.offsets.delete(name);
	}

	close(): void {
		for (const group of this.byId.values()) group.close();
	}
}
