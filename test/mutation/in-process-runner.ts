// Runs the tests of a mutation run for Stryker: imported once, run for one mutant after the other in the same process.
import { register } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { INSTRUMENTER_CONSTANTS, type InstrumenterContext } from '@stryker-mutator/api/core';
import { declareFactoryPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import { collected, within } from './in-process-vitest.ts';

const holder = globalThis as unknown as Record<string, InstrumenterContext>;
holder[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {};
const instrumented = holder[INSTRUMENTER_CONSTANTS.NAMESPACE] as InstrumenterContext;

const standIn = new URL('./in-process-vitest.ts', import.meta.url).href;

/** Gives the tests the stand-in for vitest, and the stand-in vitest itself. */
const redirection = `export const resolve = (specifier, context, next) =>
  specifier === 'vitest' && !context.parentURL?.includes('in-process-vitest')
    ? { url: ${JSON.stringify(standIn)}, shortCircuit: true }
    : next(specifier, context);`;

const environment = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'us-east-1' };

/** Files of the sandbox that this process stands in. */
const testFiles = () => JSON.parse(process.env.MUTATION_TESTS ?? '[]') as string[];

class InProcessRunner implements TestRunner {
  #isLoaded = false;

  capabilities() {
    // A module is imported once: for a mutant that matters on import Stryker starts another process.
    return { reloadEnvironment: false };
  }

  async init(): Promise<void> {
    Object.assign(process.env, environment);
    register(`data:text/javascript,${encodeURIComponent(redirection)}`);
  }

  async #load(): Promise<void> {
    if (this.#isLoaded) return;
    for (const file of testFiles()) {
      const leave = within(file);
      await import(pathToFileURL(resolve(file)).href);
      leave();
    }
    this.#isLoaded = true;
  }

  async #run(ids: ReadonlySet<string> | undefined, bails: boolean): Promise<TestResult[]> {
    const results: TestResult[] = [];
    for (const { id, run } of collected()) {
      if (ids && !ids.has(id)) continue;
      const startedAt = performance.now();
      const done = () => ({ id, name: id, timeSpentMs: performance.now() - startedAt });
      instrumented.currentTestId = id;
      try {
        await run();
        results.push({ ...done(), status: TestStatus.Success });
      } catch (error) {
        results.push({ ...done(), status: TestStatus.Failed, failureMessage: String(error) });
        if (bails) return results;
      }
    }
    return results;
  }

  async dryRun(): Promise<DryRunResult> {
    await this.#load();
    const tests = await this.#run(undefined, false);
    const { mutantCoverage } = instrumented;
    return { status: DryRunStatus.Complete, tests, ...(mutantCoverage && { mutantCoverage }) };
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { activeMutant, hitLimit, mutantActivation, testFilter } = options;
    if (mutantActivation === 'static') instrumented.activeMutant = activeMutant.id;
    try {
      await this.#load();
    } catch (error) {
      // No test passes with a module that cannot be loaded.
      const id = 'loading';
      const failed = { id, name: id, timeSpentMs: 0, status: TestStatus.Failed as const };
      const tests: TestResult[] = [{ ...failed, failureMessage: String(error) }];
      return toMutantRunResult({ status: DryRunStatus.Complete, tests });
    }
    instrumented.activeMutant = activeMutant.id;
    if (hitLimit !== undefined) Object.assign(instrumented, { hitCount: 0, hitLimit });
    const tests = await this.#run(testFilter && new Set(testFilter), true);
    const limit = determineHitLimitReached(instrumented.hitCount, hitLimit);
    return toMutantRunResult(limit ?? { status: DryRunStatus.Complete, tests });
  }
}

export const strykerPlugins = [
  declareFactoryPlugin(PluginKind.TestRunner, 'in-process', () => new InProcessRunner()),
];
