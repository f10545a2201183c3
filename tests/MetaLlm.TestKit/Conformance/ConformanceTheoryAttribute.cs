using Xunit.Sdk;

namespace MetaLlm.TestKit.Conformance;

/// <summary>A test of a conformance suite with data; skipped, with the reason, for a class whose <see cref="RequirementAttribute"/> is not met.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("MetaLlm.TestKit.Conformance.ConformanceTheoryDiscoverer", "MetaLlm.TestKit")]
public sealed class ConformanceTheoryAttribute : TheoryAttribute;
