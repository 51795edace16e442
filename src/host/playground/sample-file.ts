/** A message file for the playground, where the workspace has none. `connection`: the name of a connection to the farm. */
export const sampleFile = (connection: string) => `# Requests as text: “Send” above each of them.
# @connection ${connection}

### Open the vent
PUBLISH farm/greenhouse-1/vent/set
QoS: 1

open

### What time is it on the farm?
# @timeout 5s
REQUEST farm/ask/time

now

?? body time exists
`;
