using Xunit.Sdk;

namespace MetaLlm.TestKit.Conformance;

/// <summary>A test of a conformance suite; skipped, with the reason, for a class whose <see cref="RequirementAttribute"/> is not met.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("MetaLlm.TestKit.Conformance.ConformanceFactDiscoverer", "MetaLlm.TestKit")]
public sealed class ConformanceFactAttribute : FactAttribute;
