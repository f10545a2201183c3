using System.Globalization;
using MetaLlm.Gateway.Management;
using MetaLlm.WebConsole.Pages.Learning;
using MetaLlm.WebConsole.Pages.Money;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace MetaLlm.WebConsole.Reports;

/// <summary>Writes reports with the components of the console's pages. The console itself need not be mapped.</summary>
internal sealed class ReportWriter(MoneyReader money, LearningReader learning, IServiceProvider services, ILoggerFactory loggers) : IReportWriter
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Tables { get; } = [.. MoneyTables.Names.Except(["tenants"])];

    /// <summary>Registers what reports need.</summary>
    /// <param name="services">The application's services.</param>
    public static void Add(IServiceCollection services)
    {
        services.AddLocalization();
        services.TryAddSingleton<MoneyReader>();
        services.TryAddSingleton<LearningReader>();
        services.TryAddSingleton<IReportWriter, ReportWriter>();
    }

    /// <inheritdoc/>
    public async Task<string> WriteHtmlAsync(ReportRequest request, CancellationToken cancellationToken)
    {
        var spent = await money.ReadAsync(request.Tenant, request.From, request.To, cancellationToken).ConfigureAwait(false);
        var learned = learning.IsAble ? await learning.ReadAsync(request.Tenant, request.From, request.To, cancellationToken).ConfigureAwait(false) : null;
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(request.Language);
        var scope = services.CreateAsyncScope();
        await using var scopeEnd = scope.ConfigureAwait(false);
        var renderer = new HtmlRenderer(scope.ServiceProvider, loggers);
        await using var rendererEnd = renderer.ConfigureAwait(false);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = new Dictionary<string, object?> { [nameof(ReportDocument.Money)] = spent, [nameof(ReportDocument.Learning)] = learned };
            return (await renderer.RenderComponentAsync<ReportDocument>(ParameterView.FromDictionary(parameters)).ConfigureAwait(true)).ToHtmlString();
        }).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<string> WriteCsvAsync(ReportRequest request, string table, CancellationToken cancellationToken) => money.ReadCsvAsync(request.Tenant, table, request.From, request.To, cancellationToken);
}
