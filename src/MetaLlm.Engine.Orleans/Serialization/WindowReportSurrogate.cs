using MetaLlm.Core.Budgets;
using MetaLlm.Core.Tenancy;
using Orleans.Serialization.Cloning;

namespace MetaLlm.Engine.Orleans.Serialization;

/// <summary><see cref="WindowReport"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("metallm.window-report")]
internal struct WindowReportSurrogate
{
    [Id(0)]
    public int Window;

    [Id(1)]
    public double BudgetUsd;

    [Id(2)]
    public double SpentUsd;

    [Id(3)]
    public double LeftUsd;

    [Id(4)]
    public double TargetUsdPerRequest;
}

/// <summary>Turns <see cref="WindowReport"/> into its surrogate and back.</summary>
[RegisterConverter]
internal sealed class WindowReportConverter : IConverter<WindowReport, WindowReportSurrogate>
{
    /// <inheritdoc/>
    public WindowReport ConvertFromSurrogate(in WindowReportSurrogate surrogate) =>
        new((BudgetWindow)surrogate.Window, surrogate.BudgetUsd, surrogate.SpentUsd, surrogate.LeftUsd, surrogate.TargetUsdPerRequest);

    /// <inheritdoc/>
    public WindowReportSurrogate ConvertToSurrogate(in WindowReport value) => new()
    {
        Window = (int)value.Window,
        BudgetUsd = value.BudgetUsd,
        SpentUsd = value.SpentUsd,
        LeftUsd = value.LeftUsd,
        TargetUsdPerRequest = value.TargetUsdPerRequest,
    };
}

/// <summary>Passes <see cref="WindowReport"/> on as it is: it never changes, so that callers on one silo share it.</summary>
[RegisterCopier]
internal sealed class WindowReportCopier : ShallowCopier<WindowReport>;
