/**
 * How services are joined and how they are together, for whoever knows them: the control plane, or
 * a client that has asked one.
 *
 * @module
 */
export { type JudgedService, type PipelineHealth, pipelineHealth } from "./pipeline_health.ts";
export { type EventLink, type JoinedService, type Topology, topologyOf } from "./topology.ts";
export { topologyJson } from "./topology_json.ts";
export { cycleSentence, missingLinkSentence, named, orphanSentence } from "./topology_sentences.ts";
