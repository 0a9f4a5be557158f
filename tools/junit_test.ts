import { assertEquals } from "@std/assert";
import { tallyOfJunit } from "./junit.ts";

const REPORT = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="6" failures="2" errors="0" time="0.007">
    <testsuite name="./a_test.ts" tests="6" disabled="1" errors="0" failures="2">
        <testcase name="a &amp; &lt;b&gt;" classname="./a_test.ts" time="0.002" line="1" col="6">
        </testcase>
        <testcase name="skipped" classname="./a_test.ts" time="0.000" line="2" col="6">
            <skipped/>
        </testcase>
        <testcase name="fails" classname="./a_test.ts" time="0.001" line="3" col="6">
            <failure message="Uncaught Error: x">Error: x</failure>
        </testcase>
        <testcase name="a &amp; &lt;b&gt; &gt; step" classname="./a_test.ts" time="0" line="1" col="45">
            <failure message="no">no</failure>
        </testcase>
        <testcase name="one &gt; another" classname="./a_test.ts" time="0.000" line="1" col="75">
        </testcase>
    </testsuite>
</testsuites>`;

Deno.test("a JUnit report is counted by test, steps being part of theirs", () => {
  assertEquals(tallyOfJunit(REPORT), { passed: 2, failed: 1, skipped: 1 });
});

Deno.test("a report without test cases counts nothing", () => {
  assertEquals(tallyOfJunit("<testsuites></testsuites>"), { passed: 0, failed: 0, skipped: 0 });
});
