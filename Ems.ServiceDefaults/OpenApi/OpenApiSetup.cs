using Ems.ServiceDefaults.Lists;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.OpenApi;

namespace Ems.ServiceDefaults.OpenApi;

internal static class OpenApiSetup
{
    private const string UseKeyOfLink = """
        <script>
        if (location.hash.startsWith('#key=')) {
          sessionStorage.setItem('ems-key', decodeURIComponent(location.hash.slice(5)));
          history.replaceState(null, '', location.pathname);
        }
        </script>
        """;

    private const string SendKey = """
        (request) => {
          const key = sessionStorage.getItem('ems-key');
          if (key && !request.headers['X-Api-Key'] && new URL(request.url, location.href).origin === location.origin) {
            request.headers['X-Api-Key'] = key;
          }
          return request;
        }
        """;

    public static void AddEmsOpenApi(this IHostApplicationBuilder builder, string name) =>
        builder.Services.AddOpenApi("v1", options =>
        {
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new OpenApiInfo { Title = $"Ems {name}", Version = "v1" };
                document.Servers?.Clear();
                return Task.CompletedTask;
            });
            options.AddOperationTransformer(OperationExamples.Apply);
            options.AddOperationTransformer(ListQuery.Describe);
        });

    public static void MapEmsOpenApi(this WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        app.UseSwaggerUI(ui =>
        {
            ui.RoutePrefix = "docs";
            ui.DocumentTitle = "Ems";
            ui.SwaggerEndpoint("/openapi/v1.json", "Ems");
            ui.HeadContent = UseKeyOfLink;
            ui.Interceptors.RequestInterceptorFunction = SendKey.ReplaceLineEndings(" ");
            ui.ConfigObject.ValidatorUrl = null;
        });
    }
}
