using System.ComponentModel;
using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace MetaLlm.TestKit.Conformance;

/// <summary>A test of a suite on one implementation, which knows whether that can run here.</summary>
public sealed class ConformanceTestCase : XunitTestCase
{
    /// <summary>For the test runner, which reads test cases back.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("Called by the test runner.")]
    public ConformanceTestCase()
    {
    }

    /// <summary>Creates a test case.</summary>
    public ConformanceTestCase(
        IMessageSink diagnosticMessageSink,
        TestMethodDisplay defaultMethodDisplay,
        TestMethodDisplayOptions defaultMethodDisplayOptions,
        ITestMethod testMethod,
        object[]? testMethodArguments = null)
        : base(diagnosticMessageSink, defaultMethodDisplay, defaultMethodDisplayOptions, testMethod, testMethodArguments)
    {
    }

    /// <inheritdoc/>
    protected override string GetSkipReason(IAttributeInfo factAttribute) =>
        base.GetSkipReason(factAttribute) ?? TestMethod.TestClass.Class.ToRuntimeType().GetCustomAttribute<RequirementAttribute>()?.Unmet!;
}
