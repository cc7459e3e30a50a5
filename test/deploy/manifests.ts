import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject';
import { PodMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { Job } from 'kubernetes-models/batch/v1/Job';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import type { Container } from 'kubernetes-models/v1/Container';
import type { PodSpec } from 'kubernetes-models/v1/PodSpec';
import { Service } from 'kubernetes-models/v1/Service';
import { parse, parseAllDocuments } from 'yaml';

/** Kinds that our manifests may use, each with the schema of its API. */
const models = {
  'v1/ConfigMap': ConfigMap,
  'v1/Service': Service,
  'apps/v1/Deployment': Deployment,
  'batch/v1/Job': Job,
  'policy/v1/PodDisruptionBudget': PodDisruptionBudget,
  'networking.k8s.io/v1/NetworkPolicy': NetworkPolicy,
  'keda.sh/v1alpha1/ScaledObject': ScaledObject,
  'monitoring.coreos.com/v1/PodMonitor': PodMonitor,
} as const;

type Kind = keyof typeof models;
type Model<K extends Kind> = InstanceType<(typeof models)[K]>;

export interface Manifest {
  /** Its folder and name, for messages. */
  readonly file: string;
  readonly kind: Kind;
  readonly content: object;
}

const root = fileURLToPath(new URL('../../deploy/kubernetes', import.meta.url));

/** Every resource that a kustomization names, in its order. */
export function manifestsOf(folder: string): Manifest[] {
  return resourcesOf(folder).flatMap((file) =>
    parseAllDocuments(readFileSync(join(root, folder, file), 'utf8')).map((document) => {
      const content = document.toJS() as { apiVersion: string; kind: string };
      return { file: `${folder}/${file}`, kind: `${content.apiVersion}/${content.kind}` as Kind, content };
    }),
  );
}

export const folders: readonly string[] = readdirSync(root);

/** Files of a folder that belong to no kustomization would be applied by nobody. */
export function strayFiles(folder: string): string[] {
  const known = new Set([...resourcesOf(folder), 'kustomization.yaml']);
  return readdirSync(join(root, folder)).filter((file) => !known.has(basename(file)));
}

function resourcesOf(folder: string): string[] {
  const kustomization = parse(readFileSync(join(root, folder, 'kustomization.yaml'), 'utf8'));
  return (kustomization as { resources: string[] }).resources;
}

/** All manifests of one kind. */
export function allOf<K extends Kind>(kind: K): (Model<K> & object)[] {
  const found = folders.flatMap(manifestsOf).filter((manifest) => manifest.kind === kind);
  return found.map(({ content }) => new models[kind](content as never) as Model<K> & object);
}

/** What is wrong with it by the schema of its kind: the schema's complaint, and fields that it does not have. */
export function complaintsAbout({ kind, content }: Manifest): string[] {
  const Model = models[kind];
  if (Model === undefined) return [`${kind}: its schema is not known to this test`];
  const asked = new Set<string>();
  const model = new Model(content as never);
  const complaints: string[] = [];
  try {
    watched(model, '', asked).validate();
  } catch (error) {
    complaints.push(error instanceof Error ? error.message : String(error));
  }
  return [
    ...complaints,
    ...fieldsOf(content)
      .filter((path) => !asked.has(path))
      .map((path) => `${path}: no such field`),
  ];
}

/**
 * Notes what is read of a value. Kubernetes' schemas let unknown fields pass, as the API server by default drops them
 * without a word: a misspelled probe would be none. What the schema has never looked at is what it does not know.
 */
function watched<T extends object>(value: T, path: string, asked: Set<string>): T {
  return new Proxy(value, {
    get(target, key, receiver) {
      const found: unknown = Reflect.get(target, key, receiver);
      if (typeof key === 'symbol') return found;
      const own = `${path}/${key}`;
      asked.add(own);
      return typeof found === 'object' && found !== null ? watched(found, own, asked) : found;
    },
  });
}

function fieldsOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [`${path}/${key}`, ...fieldsOf(inner, `${path}/${key}`)]);
}

export interface Workload {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly selector: Readonly<Record<string, string>> | undefined;
  readonly pod: PodSpec;
  readonly container: Container;
}

/** What runs containers: the deployments and the job, each of which has one. */
export function workloads(): Workload[] {
  const ones = [...allOf('apps/v1/Deployment'), ...allOf('batch/v1/Job')];
  return ones.map(({ metadata, spec }) => {
    const pod = spec?.template.spec;
    const [container] = pod?.containers ?? [];
    if (pod === undefined || container === undefined) throw new Error(`${metadata?.name} runs nothing`);
    const labels = spec?.template.metadata?.labels ?? {};
    return { name: metadata?.name ?? '', labels, selector: spec?.selector?.matchLabels, pod, container } as Workload;
  });
}
