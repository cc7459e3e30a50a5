import { readFileSync } from 'node:fs';
import { variables } from '@syncline/config';
import { metrics } from '@syncline/metrics';
import { describe, expect, it } from 'vitest';
import { type Document, parseDocument } from 'yaml';
import { allOf, complaintsAbout, folders, manifestsOf, strayFiles, workloads } from './manifests.js';

describe('the manifests for Kubernetes', () => {
  it.each(folders)('of %s fit the schemas of their kinds, with no field that those do not have', (folder) => {
    const manifests = manifestsOf(folder);
    expect(manifests.length).toBeGreaterThan(0);
    expect(manifests.flatMap((one) => complaintsAbout(one).map((complaint) => `${one.file}: ${complaint}`))).toEqual(
      [],
    );
    expect(strayFiles(folder)).toEqual([]);
  });

  it('would be found out with a misspelled field, a wrong type or a missing one', () => {
    const file = readFileSync(new URL('../../deploy/kubernetes/base/migrate.yaml', import.meta.url), 'utf8');
    const complaints = (change: (job: Document) => void) => {
      const job = parseDocument(file);
      change(job);
      return complaintsAbout({ file: '', kind: 'batch/v1/Job', content: job.toJS() });
    };
    expect(complaints(() => undefined)).toEqual([]);
    const misspelled = ['spec', 'template', 'spec', 'containers', 0, 'livenessProb'];
    expect(complaints((job) => job.setIn(misspelled, {}))).toEqual([`/${misspelled.join('/')}: no such field`]);
    expect(complaints((job) => job.setIn(['spec', 'backoffLimit'], '5')).join()).toMatch(
      'backoffLimit must be integer',
    );
    expect(complaints((job) => job.deleteIn(['spec', 'template'])).join()).toMatch('must have required property');
  });

  it('run the one image as nobody in particular, on a file system that cannot be written', () => {
    expect(workloads().map(({ container }) => container.args)).toEqual([['api'], ['worker'], ['migrate']]);
    for (const { pod, container } of workloads()) {
      expect(container.image).toBe('syncline');
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      expect(pod.automountServiceAccountToken).toBe(false);
      // Kubernetes' own variables for a service syncline-api would be refused as misspelled ones of ours.
      expect(pod.enableServiceLinks).toBe(false);
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(container.resources?.limits).toHaveProperty('memory');
    }
  });

  it('set variables that there are, and take the others from the secret', () => {
    const [settings] = allOf('v1/ConfigMap');
    for (const name of Object.keys(settings?.data ?? {})) expect(variables).toHaveProperty(name);
    // Nobody is local there.
    expect(settings?.data ?? {}).not.toHaveProperty('SYNCLINE_LOCAL_SIGN_IN');
    for (const { container } of workloads()) {
      expect(container.envFrom).toEqual([{ configMapRef: { name: 'syncline' } }, { secretRef: { name: 'syncline' } }]);
    }
    const [monitor] = allOf('monitoring.coreos.com/v1/PodMonitor');
    for (const { authorization } of monitor?.spec?.podMetricsEndpoints ?? []) {
      expect(authorization?.credentials?.name).toBe('syncline');
      expect(variables).toHaveProperty(authorization?.credentials?.key ?? '');
    }
  });

  it('ask for health where the processes tell it', () => {
    const [settings] = allOf('v1/ConfigMap');
    const port = { api: settings?.data?.PORT, worker: settings?.data?.SYNCLINE_WORKER_PORT };
    for (const part of ['api', 'worker'] as const) {
      const container = workloads().find(({ name }) => name === `syncline-${part}`)?.container;
      const [listens] = container?.ports ?? [];
      expect(String(listens?.containerPort)).toBe(port[part]);
      const asks = (path: string) => expect.objectContaining({ httpGet: { path, port: listens?.name } });
      expect(container?.startupProbe).toEqual(asks('/healthz'));
      expect(container?.livenessProbe).toEqual(asks('/healthz'));
      expect(container?.readinessProbe).toEqual(asks('/readyz'));
    }
  });

  it('choose pods that there are, and scale a deployment that there is', () => {
    const pods = workloads();
    const chosenBy = (labels: Readonly<Record<string, string>> = {}) =>
      pods
        .filter((pod) => Object.entries(labels).every(([key, value]) => pod.labels[key] === value))
        .map(({ name }) => name);
    for (const { name, selector } of pods.filter((pod) => pod.selector !== undefined)) {
      expect(chosenBy(selector)).toEqual([name]);
    }
    expect(allOf('v1/Service').map(({ spec }) => chosenBy(spec?.selector))).toEqual([['syncline-api']]);
    for (const { metadata, spec } of allOf('policy/v1/PodDisruptionBudget')) {
      expect(chosenBy(spec?.selector?.matchLabels)).toEqual([metadata?.name]);
    }
    const [policy] = allOf('networking.k8s.io/v1/NetworkPolicy');
    expect(chosenBy(policy?.spec?.podSelector?.matchLabels)).toEqual(['syncline-worker']);
    const [scaled] = allOf('keda.sh/v1alpha1/ScaledObject');
    expect(chosenBy({ 'app.kubernetes.io/component': 'worker' })).toEqual([scaled?.spec?.scaleTargetRef.name]);
    const [, name = '', states = ''] =
      /(syncline_\w+)\{state=~"([\w|]+)"\}/.exec(String(scaled?.spec?.triggers[0]?.metadata?.query)) ?? [];
    expect(metrics).toHaveProperty(name);
    expect(metrics.syncline_queue_jobs.labels.state).toEqual(expect.arrayContaining(states.split('|')));
  });
});
