import type { PlaygroundServer } from '../../src/model/contracts/playground';

export type SamplePorts = Record<string, number>;
export const guidedSettings: Record<string, unknown>;
export function portsOf(servers: readonly PlaygroundServer[]): SamplePorts;
export function withPorts(text: string, ports: SamplePorts, earlier?: SamplePorts): string;
