namespace Ems.Gateway;

/// <summary>The public door: lets in who belongs and passes the call on to the service that answers it.</summary>
public static class GatewayModule
{
    /// <summary>Registers what the module needs; may be called in a process of its own or beside other modules.</summary>
    public static IHostApplicationBuilder AddGateway(this IHostApplicationBuilder builder) => builder;

    /// <summary>Maps the module's routes.</summary>
    public static IEndpointRouteBuilder MapGateway(this IEndpointRouteBuilder routes) => routes;
}
