using Xunit.Abstractions;
using Xunit.Sdk;

namespace MetaLlm.TestKit.Conformance;

/// <summary>Finds the tests that <see cref="ConformanceFactAttribute"/> marks.</summary>
/// <param name="diagnosticMessageSink">Given by the test runner.</param>
public sealed class ConformanceFactDiscoverer(IMessageSink diagnosticMessageSink) : FactDiscoverer(diagnosticMessageSink)
{
    /// <inheritdoc/>
    protected override IXunitTestCase CreateTestCase(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        new ConformanceTestCase(
            DiagnosticMessageSink,
            discoveryOptions.MethodDisplayOrDefault(),
            discoveryOptions.MethodDisplayOptionsOrDefault(),
            testMethod);
}
